package org.vmcore.convert.kdump;

import java.lang.foreign.MemorySegment;
import org.vmcore.codec.Compression;
import org.vmcore.convert.pages.PfnBitmap;
import org.vmcore.convert.pages.SourcePages;
import org.vmcore.format.kdump.KdumpHeader;
import org.vmcore.format.kdump.KdumpSubHeader;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.PlacedOutput;
import org.vmcore.output.PlacedRun;

/** What stands in front of a file's page descriptors: headers, notes, bitmaps. */
record KdumpHead(
    KdumpPlan plan, KernelIdentity kernel, NoteArea notes, Compression compression, int level) {
  /** Writes all of it. */
  void write(PlacedOutput out, KdumpPart part, SourcePages pages, boolean isIncomplete)
      throws VmcoreException {
    writeHeader(out, isIncomplete);
    out.write(
        MemorySegment.ofArray(subHeader(part).bytes(plan.layout(), plan.alignment())),
        plan.subHeader());
    try (PlacedRun run = PlacedRun.of(out, plan.notesOffset())) {
      notes.write(run);
      run.zerosTo(plan.bitmap1());
      write(run, pages.ram(), plan.bitmap2());
      write(run, pages.kept(), plan.descriptors());
      run.flush();
    }
  }

  private static void write(PlacedRun run, PfnBitmap bitmap, long end) throws VmcoreException {
    long start = run.position();
    long size = Math.min(bitmap.size(), end - start);
    for (long at = 0; at < size; at = run.position() - start) {
      long from = at;
      run.zerosTo(start + Math.min(size, at + bitmap.blank(at)));
      long left = start + size - run.position();
      if (run.position() == start + from) {
        run.append(left, dst -> bitmap.read(from, dst));
      }
    }
    run.zerosTo(end);
  }

  /** Writes the main header, perhaps a second time. */
  void writeHeader(PlacedOutput out, boolean isIncomplete) throws VmcoreException {
    int status = compression.flag() | (isIncomplete ? KdumpHeader.INCOMPLETE : 0);
    status |= kernel.lacksMemoryMap() ? KdumpHeader.EXCLUDED_VMEMMAP : 0;
    KdumpHeader header =
        new KdumpHeader(
            plan.layout(),
            KdumpHeader.NEWEST,
            "",
            kernel.seconds(),
            kernel.microseconds(),
            status,
            plan.blockSize(),
            plan.subBlocks(),
            2 * plan.blocksOfBitmap(),
            plan.frames(),
            0,
            0,
            0,
            0,
            kernel.cpus());
    out.write(MemorySegment.ofArray(header.bytes(kernel.utsname())), 0);
  }

  private KdumpSubHeader subHeader(KdumpPart part) {
    long notesAt = plan.notesOffset();
    boolean hasInfo = notes.infoAt().isPresent();
    return new KdumpSubHeader(
        kernel.physBase(),
        kernel.dumpLevel() | level,
        part.isSplit() ? 1 : 0,
        part.isSplit() ? part.from() : 0,
        part.isSplit() ? part.to() : 0,
        hasInfo ? notesAt + notes.infoAt().getAsLong() : 0,
        hasInfo ? notes.infoSize() : 0,
        notes.size() > 0 ? notesAt : 0,
        notes.size(),
        notes.erasedSize() > 0 ? notesAt + notes.size() : 0,
        notes.erasedSize(),
        plan.frames());
  }
}
