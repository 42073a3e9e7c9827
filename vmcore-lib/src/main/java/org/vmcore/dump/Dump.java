package org.vmcore.dump;

import java.util.List;
import org.vmcore.elf.CrashHeaders;
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
 */
public record Dump(
    String format,
    String source,
    CrashHeaders headers,
    OldMemory memory,
    PageSize page,
    List<Finding> findings) {
  /** The page size in bytes, a power of two. */
  public long pageSize() {
    return page.bytes();
  }
}
