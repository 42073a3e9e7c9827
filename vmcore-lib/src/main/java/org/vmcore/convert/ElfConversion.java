package org.vmcore.convert;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vmcore.Vmcore;
import org.vmcore.codec.ZstdLibrary;
import org.vmcore.convert.elf.ElfDump;
import org.vmcore.convert.elf.ElfDump.Packing;
import org.vmcore.convert.level.DumpLevel;
import org.vmcore.convert.level.PageKind;
import org.vmcore.convert.level.PageTally;
import org.vmcore.convert.pages.PageReader;
import org.vmcore.convert.pages.PfnBitmap;
import org.vmcore.convert.pages.SourcePages;
import org.vmcore.convert.pages.ZeroScan;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageCounts;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.OutputFile;

/** A conversion to an ELF dump. */
final class ElfConversion {
  /** What is left out in shorter runs is written: makedumpfile's PFN_EXCLUDED. */
  static final int LEAST_RUN = 256;

  /** How often it is written anew when something turned out to be lost. */
  private static final int MOST_TRIES = 3;

  /** The formats whose memory lies in a file as it is. */
  private static final Set<String> FILES = Set.of("elf", "raw", "lime");

  private final Vmcore vmcore;
  private final ConversionOptions options;

  ElfConversion(Vmcore vmcore, ConversionOptions options) {
    this.vmcore = vmcore;
    this.options = options;
  }

  Converted write(Path output) throws VmcoreException {
    if (options.compression() == PageCompression.ZSTD) {
      ZstdLibrary.require(output.toString());
    }
    if (isWhole()) {
      Written written = write(output, Optional.empty());
      PageCounts counts = vmcore.pageCounts();
      return converted(counts.present(), new PageTally(), counts, written, List.of());
    }
    try (SourcePages pages = SourcePages.of(vmcore, options.scratch())) {
      return write(output, pages);
    }
  }

  /** Whether nothing is left out, not even memory that is broken: that of a device, for one. */
  private boolean isWhole() throws VmcoreException {
    return options.level().equals(DumpLevel.ALL)
        && (vmcore.isDeviceMemory()
            || vmcore.vmcoreInfo().isEmpty()
            || !SourcePages.isPossible(vmcore));
  }

  private Converted write(Path output, SourcePages pages) throws VmcoreException {
    Selection selection = Selection.of(vmcore, Kernel.of(vmcore), pages, options);
    try (PfnBitmap zeros = zeros(pages)) {
      selection.spare(pages, zeros);
      pages.leaveOut(zeros);
      selection.leftOut().add(PageKind.ZERO, zeros.count());
      long back = pages.keepShortRuns(LEAST_RUN);
      PageTally leftOut =
          back == 0 ? selection.leftOut() : recount(selection, pages, zeros, options);
      Written written = write(output, Optional.of(pages));
      PageCounts counts = vmcore.pageCounts();
      long foundLost = counts.lost() - pages.lostBefore();
      return converted(
          pages.kept().count() - foundLost, leftOut, counts, written, selection.findings());
    }
  }

  private PfnBitmap zeros(SourcePages pages) throws VmcoreException {
    if (!options.level().excludes(PageKind.ZERO)) {
      return PfnBitmap.of(pages.frames(), options.scratch());
    }
    PageReader reader = new PageReader(vmcore.physical(), pages.pageSize());
    return ZeroScan.run(pages, reader, options.threads(), options.scratch());
  }

  /** What is left out, now that short runs are kept. */
  static PageTally recount(
      Selection selection, SourcePages pages, PfnBitmap zeros, ConversionOptions options)
      throws VmcoreException {
    try (PfnBitmap out = PfnBitmap.of(pages.frames(), options.scratch())) {
      pages.addLeftOut(out);
      if (options.level().asksTheKernel()) {
        return selection.among(out, zeros, options);
      }
      PageTally tally = new PageTally();
      boolean isZeroOut = options.level().excludes(PageKind.ZERO);
      long ofZeros = isZeroOut ? out.countBoth(zeros, 0, out.frames()) : 0;
      tally.add(PageKind.ZERO, ofZeros);
      long broken = Math.min(selection.leftOut().of(PageKind.HWPOISON), out.count() - ofZeros);
      tally.add(PageKind.HWPOISON, broken);
      tally.add(PageKind.OFFLINE, out.count() - ofZeros - broken);
      return tally;
    }
  }

  private Converted converted(
      long pages, PageTally leftOut, PageCounts counts, Written written, List<Finding> said) {
    return new Converted(
        vmcore.pageSize(),
        pages,
        leftOut,
        counts.excluded(),
        counts.lost(),
        List.of(written.size()),
        Remarks.of(vmcore, said)
            .unplaced(vmcore, OutputFormat.ELF)
            .lost(counts.lost())
            .lostOnTheWay(written.hasHoles())
            .findings());
  }

  /**
   * The file.
   *
   * @param size in bytes
   * @param hasHoles whether memory that is lost is zeros in it
   */
  private record Written(long size, boolean hasHoles) {}

  private Written write(Path output, Optional<SourcePages> pages) throws VmcoreException {
    OutputFile.Options how = new OutputFile.Options(options.force(), options.sync());
    MemoryProgress progress = MemoryProgress.of(vmcore, options.progress());
    ElfDump dump = ElfDump.of(vmcore, pages);
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      try (OutputFile out = OutputFile.create(output, how)) {
        if (!out.isStaged() && isFoundOnReading()) {
          dump.findLosses();
        }
        boolean isRight = dump.write(out, packing(), progress::bytes, vmcore.memorySize());
        if (isRight || !out.isStaged()) {
          out.commit();
          progress.finish();
          return new Written(out.position(), !isRight);
        }
      }
    }
    throw VmcoreException.of(vmcore.name(), "more and more of it is lost while it is read");
  }

  /** Whether that memory is lost may show only when it is read: where it is no part of a file. */
  private boolean isFoundOnReading() {
    return !FILES.contains(vmcore.format());
  }

  private Packing packing() {
    return options.compression() == PageCompression.ZSTD
        ? new Packing.Zstd(options.compressionLevel(), options.threads())
        : new Packing.Plain();
  }
}
