package org.vmcore.dump;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.bytes.NoteHeader;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.PageSizes;

/**
 * The page size that a vmcore's chunks are cut by: VMCOREINFO's {@code PAGESIZE}, else 4 KiB.
 *
 * @param bytes a power of two
 * @param vmcoreInfo what it was read from, if it was: it needn't be parsed again
 */
public record PageSize(long bytes, Optional<VmcoreInfo> vmcoreInfo) {
  /** A page size that a file tells otherwise, or its opener. */
  public static PageSize of(long bytes) {
    return new PageSize(bytes, Optional.empty());
  }

  /**
   * The page size that the VMCOREINFO note among {@code headers} tells.
   *
   * @param wanted in bytes: taken instead, when there is one
   * @param memory what the PT_NOTEs' p_offset point into
   * @param file named in errors
   * @param findings where a value that can't be is reported
   */
  public static PageSize find(
      OptionalLong wanted, Memory memory, String file, CrashHeaders headers, List<Finding> findings)
      throws VmcoreException {
    return wanted.isPresent()
        ? of(wanted.getAsLong())
        : new Search(memory, file, headers, findings).run();
  }

  /** Looks for the VMCOREINFO note. */
  private static final class Search implements NoteWalk.Visitor {
    private final Memory memory;
    private final String file;
    private final CrashHeaders headers;
    private final List<Finding> findings;
    private int budget = NoteWalk.MAX_NOTES;
    private @Nullable VmcoreInfo found;

    Search(Memory memory, String file, CrashHeaders headers, List<Finding> findings) {
      this.memory = memory;
      this.file = file;
      this.headers = headers;
      this.findings = findings;
    }

    PageSize run() throws VmcoreException {
      for (ProgramHeader note : headers.programHeaders()) {
        if (note.isNote() && budget > 0) {
          new NoteWalk(memory, file, note.offset(), note.memsz(), headers.header().order())
              .walk(this);
          if (found != null) {
            return new PageSize(bytes(found, note.offset()), Optional.of(found));
          }
        }
      }
      return of(PageSizes.DEFAULT);
    }

    @Override
    public boolean note(long at, NoteHeader header, String name) throws VmcoreException {
      if (!name.equals(VmcoreInfo.NAME)) {
        return --budget > 0;
      }
      byte[] text = new byte[(int) Math.min(header.descsz(), VmcoreInfo.MAX_SIZE)];
      int got = (int) memory.read(at + header.descOffset(), MemorySegment.ofArray(text));
      found = VmcoreInfo.parse(new String(text, 0, got, StandardCharsets.ISO_8859_1));
      return false;
    }

    private long bytes(VmcoreInfo info, long offset) {
      OptionalLong size = info.pageSize();
      if (size.isPresent() && PageSizes.isValid(size.getAsLong())) {
        return size.getAsLong();
      }
      Optional<String> text = info.get("PAGESIZE");
      if (text.isPresent()) {
        String what = "VMCOREINFO: PAGESIZE is " + text.get() + "; 4096 is used";
        findings.add(Finding.warning("page_size", offset, what));
      }
      return PageSizes.DEFAULT;
    }
  }
}
