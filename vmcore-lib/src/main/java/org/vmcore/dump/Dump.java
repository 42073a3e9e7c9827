package org.vmcore.dump;

import java.util.List;
import java.util.Optional;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.memory.DumpOrigin;
import org.vmcore.memory.Finding;
import org.vmcore.memory.OldMemory;

/**
 * What every format opens to.
 *
 * @param format the format's name: {@code elf}
 * @param source the file's name, for errors
 * @param headers the crash headers
 * @param memory the old memory that they point into
 * @param page the page size
 * @param findings what was seen while opening
 * @param origin what headers of the format's own tell, where it has such
 */
public record Dump(
    String format,
    String source,
    CrashHeaders headers,
    OldMemory memory,
    PageSize page,
    List<Finding> findings,
    Optional<DumpOrigin> origin) {
  /** A dump whose format tells no more than crash headers do. */
  public Dump(
      String format,
      String source,
      CrashHeaders headers,
      OldMemory memory,
      PageSize page,
      List<Finding> findings) {
    this(format, source, headers, memory, page, findings, Optional.empty());
  }

  /** The page size in bytes, a power of two. */
  public long pageSize() {
    return page.bytes();
  }
}
