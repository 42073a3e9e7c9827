package org.vmcore.dump;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.bytes.NoteHeader;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.PageSizes;

/** The page size that a vmcore's chunks are cut by: VMCOREINFO's {@code PAGESIZE}, else 4 KiB. */
public final class PageSize {
  private PageSize() {}

  /**
   * The page size that the VMCOREINFO note among {@code headers} tells.
   *
   * @param memory what the PT_NOTEs' p_offset point into
   * @param findings where a value that can't be is told
   */
  public static long find(
      Memory memory,
      String file,
      List<ProgramHeader> headers,
      ByteOrder order,
      List<Finding> findings)
      throws VmcoreException {
    AtomicInteger budget = new AtomicInteger(NoteWalk.MAX_NOTES);
    for (ProgramHeader note : headers) {
      if (note.isNote() && budget.get() > 0) {
        Optional<VmcoreInfo> info = vmcoreInfo(memory, file, note, order, budget);
        if (info.isPresent()) {
          return pageSize(info.get(), note.offset(), findings);
        }
      }
    }
    return PageSizes.DEFAULT;
  }

  private static long pageSize(VmcoreInfo info, long offset, List<Finding> findings) {
    OptionalLong size = info.pageSize();
    if (size.isPresent() && PageSizes.isValid(size.getAsLong())) {
      return size.getAsLong();
    }
    info.get("PAGESIZE")
        .ifPresent(
            text ->
                findings.add(
                    Finding.warning(
                        "page_size",
                        offset,
                        "VMCOREINFO: PAGESIZE is " + text + "; 4096 is used")));
    return PageSizes.DEFAULT;
  }

  private static Optional<VmcoreInfo> vmcoreInfo(
      Memory memory, String file, ProgramHeader segment, ByteOrder order, AtomicInteger budget)
      throws VmcoreException {
    List<VmcoreInfo> found = new ArrayList<>(1);
    new NoteWalk(memory, file, segment.offset(), segment.memsz(), order)
        .walk(
            (long at, NoteHeader header, String name) -> {
              if (!name.equals(VmcoreInfo.NAME)) {
                return budget.decrementAndGet() > 0;
              }
              found.add(read(memory, at + header.descOffset(), header.descsz()));
              return false;
            });
    return found.stream().findFirst();
  }

  private static VmcoreInfo read(Memory memory, long address, long size) throws VmcoreException {
    byte[] text = new byte[(int) Math.min(size, VmcoreInfo.MAX_SIZE)];
    int got = (int) memory.read(address, MemorySegment.ofArray(text));
    return VmcoreInfo.parse(new String(text, 0, got, StandardCharsets.ISO_8859_1));
  }
}
