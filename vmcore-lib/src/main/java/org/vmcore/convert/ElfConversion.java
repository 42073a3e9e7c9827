package org.vmcore.convert;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.vmcore.Vmcore;
import org.vmcore.codec.ZstdLibrary;
import org.vmcore.convert.elf.ElfDump;
import org.vmcore.convert.elf.ElfDump.Packing;
import org.vmcore.convert.filter.DumpLevel;
import org.vmcore.convert.filter.PageKind;
import org.vmcore.convert.filter.PageTally;
import org.vmcore.convert.pages.PageReader;
import org.vmcore.convert.pages.PfnBitmap;
import org.vmcore.convert.pages.SourcePages;
import org.vmcore.convert.pages.ZeroScan;
import org.vmcore.memory.PageCounts;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.OutputFile;

/** A conversion to an ELF dump. */
final class ElfConversion {
  /** What is left out in shorter runs is written: makedumpfile's PFN_EXCLUDED. */
  private static final int LEAST_RUN = 256;

  /** How often it is written anew when something turned out to be lost. */
  private static final int MOST_TRIES = 3;

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
    if (options.level().equals(DumpLevel.ALL)) {
      long size = write(output, Optional.empty());
      PageCounts counts = vmcore.pageCounts();
      return converted(counts.present(), new Selection(), counts, size);
    }
    try (SourcePages pages = SourcePages.of(vmcore, options.scratch())) {
      Selection selection = Selection.of(vmcore, pages, options);
      if (options.level().excludes(PageKind.ZERO)) {
        leaveOutZeros(pages, selection.leftOut());
      }
      pages.keepShortRuns(LEAST_RUN);
      long size = write(output, Optional.of(pages));
      return converted(pages.kept().count(), selection, vmcore.pageCounts(), size);
    }
  }

  private void leaveOutZeros(SourcePages pages, PageTally leftOut) throws VmcoreException {
    PageReader reader = new PageReader(vmcore.physical(), pages.pageSize());
    try (PfnBitmap zeros = ZeroScan.run(pages, reader, options.jobs(), options.scratch())) {
      pages.leaveOut(zeros);
      leftOut.add(PageKind.ZERO, zeros.count());
    }
  }

  private Converted converted(long written, Selection selection, PageCounts counts, long size) {
    return new Converted(
        vmcore.pageSize(),
        written,
        selection.leftOut(),
        counts.excluded(),
        counts.lost(),
        List.of(size),
        selection.findings(counts.lost()));
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

  /** Whether that a page is lost may show only when it is read: where pages are compressed. */
  private boolean isFoundOnReading() {
    return vmcore.origin().isPresent();
  }

  private Packing packing() {
    return options.compression() == PageCompression.ZSTD
        ? new Packing.Zstd(options.compressionLevel(), options.jobs())
        : new Packing.Plain();
  }
}
