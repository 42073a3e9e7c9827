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
      long size = write(output, Optional.empty());
      PageCounts counts = vmcore.pageCounts();
      List<Finding> findings = new Remarks(List.of()).lost(counts.lost()).findings();
      return converted(counts.present(), new PageTally(), counts, size, findings);
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
      pages.leaveOut(zeros);
      selection.leftOut().add(PageKind.ZERO, zeros.count());
      long back = pages.keepShortRuns(LEAST_RUN);
      PageTally leftOut = back == 0 ? selection.leftOut() : recount(selection, pages, zeros);
      long size = write(output, Optional.of(pages));
      PageCounts counts = vmcore.pageCounts();
      List<Finding> findings = new Remarks(selection.findings()).lost(counts.lost()).findings();
      long foundLost = counts.lost() - pages.lostBefore();
      return converted(pages.kept().count() - foundLost, leftOut, counts, size, findings);
    }
  }

  private PfnBitmap zeros(SourcePages pages) throws VmcoreException {
    if (!options.level().excludes(PageKind.ZERO)) {
      return PfnBitmap.of(pages.frames(), options.scratch());
    }
    PageReader reader = new PageReader(vmcore.physical(), pages.pageSize());
    return ZeroScan.run(pages, reader, options.jobs(), options.scratch());
  }

  /** What is left out, now that short runs are kept. */
  private PageTally recount(Selection selection, SourcePages pages, PfnBitmap zeros)
      throws VmcoreException {
    try (PfnBitmap out = PfnBitmap.of(pages.frames(), options.scratch())) {
      pages.addLeftOut(out);
      if (options.level().asksTheKernel()) {
        return selection.among(out, zeros, options);
      }
      PageTally tally = new PageTally();
      long ofZeros = out.countBoth(zeros, 0, out.frames());
      tally.add(PageKind.ZERO, ofZeros);
      long broken = Math.min(selection.leftOut().of(PageKind.HWPOISON), out.count() - ofZeros);
      tally.add(PageKind.HWPOISON, broken);
      tally.add(PageKind.OFFLINE, out.count() - ofZeros - broken);
      return tally;
    }
  }

  private Converted converted(
      long written, PageTally leftOut, PageCounts counts, long size, List<Finding> findings) {
    return new Converted(
        vmcore.pageSize(),
        written,
        leftOut,
        counts.excluded(),
        counts.lost(),
        List.of(size),
        findings);
  }

  /** Writes it; gives the size of the file. */
  private long write(Path output, Optional<SourcePages> pages) throws VmcoreException {
    OutputFile.Options how = new OutputFile.Options(options.force(), options.sync());
    MemoryProgress progress = MemoryProgress.of(vmcore, options.progress());
    ElfDump dump = ElfDump.of(vmcore, pages);
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      try (OutputFile out = OutputFile.create(output, how)) {
        if (!out.isStaged() && isFoundOnReading()) {
          dump.findLosses();
        }
        if (dump.write(out, packing(), progress::bytes, vmcore.memorySize())) {
          out.commit();
          progress.finish();
          return out.position();
        }
        if (!out.isStaged()) {
          break;
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
        ? new Packing.Zstd(options.compressionLevel(), options.jobs())
        : new Packing.Plain();
  }
}
