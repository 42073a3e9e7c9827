package org.vmcore.convert.kdump;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.LongConsumer;
import org.vmcore.Vmcore;
import org.vmcore.codec.Compression;
import org.vmcore.convert.pack.OrderedWork;
import org.vmcore.convert.pages.KeptPages;
import org.vmcore.convert.pages.PageReader;
import org.vmcore.convert.pages.SourcePages;
import org.vmcore.format.kdump.KdumpHeader;
import org.vmcore.format.kdump.PageDescriptors;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.PlacedOutput;
import org.vmcore.output.PlacedRun;

/**
 * Writes the pages of a dump as kdump-compressed files.
 *
 * <p>Pages of zeros stay set in the second bitmap and all point at one page, the first of the data,
 * as makedumpfile has it where zero pages are left out: it takes no more room than a descriptor.
 * Each reader goes by the descriptors, so it is done at every level. Lost pages stay set, too, and
 * their descriptors have offset 0, as makedumpfile leaves those that it couldn't write.
 *
 * <p>Of long runs of lost pages the descriptors aren't written: what isn't written is zeros.
 *
 * <p>Memory costs what the threads need: descriptors and pages grow at the same time, each at its
 * own place in the file.
 */
public final class KdumpWriter {
  /** The bytes of a page's descriptor. */
  public static final int DESCRIPTOR_SIZE = PageDescriptors.SIZE;

  /** Runs of so many lost page frames aren't gone through. */
  private static final long LONG_RUN = 1 << 20;

  private final KdumpPlan plan;
  private final KdumpHead head;
  private final SourcePages pages;
  private final KeptPages kept;
  private final Compression compression;
  private final OptionalInt compressionLevel;
  private final int jobs;
  private final LongConsumer progress;

  private long zeros;
  private long lost;

  private KdumpWriter(
      KdumpPlan plan,
      KdumpHead head,
      SourcePages pages,
      KeptPages kept,
      Compression compression,
      OptionalInt compressionLevel,
      int jobs,
      LongConsumer progress) {
    this.plan = plan;
    this.head = head;
    this.pages = pages;
    this.kept = kept;
    this.compression = compression;
    this.compressionLevel = compressionLevel;
    this.jobs = jobs;
    this.progress = progress;
  }

  /**
   * A writer of {@code pages}, those of {@code vmcore} that are kept.
   *
   * @param kernel that of {@code vmcore}
   * @param level the dump level by which pages were left out
   * @param jobs how many threads work at it
   * @param progress is told how many page frames with RAM more were dealt with
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public static KdumpWriter of(
      Vmcore vmcore,
      Kernel kernel,
      SourcePages pages,
      int level,
      Compression compression,
      OptionalInt compressionLevel,
      int jobs,
      LongConsumer progress)
      throws VmcoreException {
    NoteArea notes = NoteArea.of(vmcore);
    KeptPages kept = KeptPages.of(pages, new PageReader(vmcore.physical(), pages.pageSize()));
    KdumpPlan plan = plan(vmcore, pages, notes, kept.count());
    KdumpHead head =
        new KdumpHead(plan, KernelIdentity.of(vmcore, kernel), notes, compression, level);
    return new KdumpWriter(plan, head, pages, kept, compression, compressionLevel, jobs, progress);
  }

  private static KdumpPlan plan(Vmcore vmcore, SourcePages pages, NoteArea notes, long dumped) {
    return new KdumpPlan(
        KdumpPlan.layout(vmcore.header(), vmcore.bits()),
        KdumpPlan.alignment(vmcore.header()),
        Math.toIntExact(pages.pageSize()),
        pages.frames(),
        notes.size() + notes.erasedSize(),
        dumped);
  }

  /** The bytes in front of the page descriptors. */
  public static long headSize(Vmcore vmcore, SourcePages pages) {
    return plan(vmcore, pages, NoteArea.of(vmcore), 0).descriptors();
  }

  /**
   * How many bytes longer a file is when it is flattened.
   *
   * @param descriptors how many pages have one
   * @param size of the file that isn't flattened, in bytes
   */
  public static long flattenedSize(Vmcore vmcore, SourcePages pages, long descriptors, long size) {
    KdumpPlan plan = plan(vmcore, pages, NoteArea.of(vmcore), descriptors);
    long records =
        2
            + PlacedRun.blocks(plan.notesOffset(), plan.descriptors())
            + PlacedRun.blocks(plan.descriptors(), plan.data())
            + PlacedRun.blocks(plan.data(), size);
    long unwritten = (long) plan.blockSize() - KdumpHeader.SIZE;
    return PlacedOutput.flattenedSize(records) - unwritten;
  }

  /**
   * Writes one file, or a split set: each gets an equal share of the pages.
   *
   * @throws VmcoreException when the dump is closed, its file fails, or an output can't be written
   */
  public void write(List<? extends PlacedOutput> outputs) throws VmcoreException {
    List<KdumpPart> parts = parts(outputs.size());
    requireRoom(outputs);
    for (int i = 0; i < parts.size(); i++) {
      write(outputs.get(i), parts.get(i));
    }
  }

  private void requireRoom(List<? extends PlacedOutput> outputs) throws VmcoreException {
    PlacedOutput first = outputs.getFirst();
    long bitmaps =
        first.isSparse()
            ? pages.ram().filled() + pages.kept().filled()
            : plan.descriptors() - plan.bitmap1();
    long described = plan.dumped() - pages.lostBefore();
    first.requireRoom(
        outputs.size() * bitmaps + described * PageDescriptors.SIZE,
        "bitmaps and page descriptors");
  }

  private List<KdumpPart> parts(int count) {
    List<KdumpPart> parts = new ArrayList<>();
    long from = 0;
    long firstRank = 0;
    for (int i = 1; i <= count; i++) {
      long endRank = plan.dumped() / count * i + plan.dumped() % count * i / count;
      long to = i == count ? plan.frames() : kept.pfn(endRank);
      parts.add(new KdumpPart(from, to, firstRank, endRank, count > 1));
      from = to;
      firstRank = endRank;
    }
    return parts;
  }

  private void write(PlacedOutput out, KdumpPart part) throws VmcoreException {
    boolean isIncomplete = pages.lostBefore() > 0;
    head.write(out, part, pages, isIncomplete);
    long before = lost;
    try (PlacedRun descriptors = PlacedRun.of(out, plan.descriptors());
        PlacedRun data = PlacedRun.of(out, plan.data());
        PagePacking packing =
            new PagePacking(
                plan,
                part,
                pages,
                kept,
                compression,
                compressionLevel,
                jobs,
                descriptors,
                data,
                plan.data(),
                progress)) {
      data.write(MemorySegment.ofArray(new byte[plan.blockSize()]));
      write(part, packing);
      packing.finish();
      descriptors.flush();
      data.flush();
      zeros += packing.zeros();
      lost += packing.lost();
    }
    if (!isIncomplete && lost > before) {
      head.writeHeader(out, true);
    }
  }

  /** Packs the pages of a part, but for long runs of lost ones. */
  private void write(KdumpPart part, PagePacking packing) throws VmcoreException {
    long rank = part.firstRank();
    long pfn = part.from();
    long start = rank;
    for (long at = nextLost(pfn, part.to()); at < part.to(); ) {
      long end = pages.lost().nextClear(at, part.to());
      if (end - at >= LONG_RUN) {
        rank += pages.kept().count(pfn, at);
        pack(packing, start, rank);
        packing.lose(end - at, end);
        rank += end - at;
        start = rank;
        pfn = end;
      }
      at = nextLost(end, part.to());
    }
    pack(packing, start, part.endRank());
  }

  private long nextLost(long from, long to) {
    return pages.lostBefore() == 0 ? to : pages.lost().nextSet(from, to);
  }

  private void pack(PagePacking packing, long firstRank, long endRank) throws VmcoreException {
    OrderedWork.run(jobs, packing.pieces(firstRank, endRank), packing);
  }

  /** How many pages have a descriptor. */
  public long dumped() {
    return plan.dumped();
  }

  /** How many of them were zeros. */
  public long zeros() {
    return zeros;
  }

  /** How many of them are lost. */
  public long lost() {
    return lost;
  }
}
