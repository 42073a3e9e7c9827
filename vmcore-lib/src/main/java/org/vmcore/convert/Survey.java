package org.vmcore.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.Vmcore;
import org.vmcore.convert.elf.ElfDump;
import org.vmcore.convert.filter.LevelSurvey;
import org.vmcore.convert.filter.PageFilter;
import org.vmcore.convert.kdump.KdumpWriter;
import org.vmcore.convert.level.DumpLevel;
import org.vmcore.convert.level.PageKind;
import org.vmcore.convert.level.PageTally;
import org.vmcore.convert.pages.PageReader;
import org.vmcore.convert.pages.PfnBitmap;
import org.vmcore.convert.pages.SourcePages;
import org.vmcore.convert.pages.ZeroScan;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.VmcoreException;

/** What each dump level would give. */
final class Survey {
  private final Vmcore vmcore;
  private final ConversionOptions options;
  private final Kernel kernel;

  /** What the level that was asked for leaves out. */
  private PageTally leftOut = new PageTally();

  Survey(Vmcore vmcore, ConversionOptions options) {
    this.vmcore = vmcore;
    this.options = options;
    this.kernel = Kernel.of(vmcore);
  }

  DryRun run() throws VmcoreException {
    try (SourcePages pages = SourcePages.of(vmcore, options.scratch())) {
      long parts = options.format() == OutputFormat.ELF ? 0 : pages.keepParts(vmcore.physical());
      return run(pages, parts);
    }
  }

  private DryRun run(SourcePages pages, long parts) throws VmcoreException {
    PageFilter filter = PageFilter.of(vmcore, kernel, options.level(), options.threads());
    MemoryProgress progress = MemoryProgress.of(vmcore, options.progress());
    try (PfnBitmap zeros = zeros(pages)) {
      LevelSurvey survey = filter.survey(pages.present(), zeros);
      leftOut = survey.of(options.level()).orElseGet(PageTally::new);
      pages.leaveOut(zeros);
      if (options.format() == OutputFormat.ELF) {
        filter.spare(pages.present(), zeros);
      }
      List<DryRun.Level> levels = levels(filter, pages, zeros, survey);
      progress.finish();
      return new DryRun(
          pages.pageSize(),
          pages.ram().count(),
          leftOut,
          pages.excluded(),
          pages.lostBefore(),
          levels,
          Remarks.of(vmcore, filter.findings())
              .unplaced(vmcore, options.format())
              .parts(parts)
              .lost(pages.lostBefore())
              .findings());
    }
  }

  private PfnBitmap zeros(SourcePages pages) throws VmcoreException {
    PageReader reader = new PageReader(vmcore.physical(), pages.pageSize());
    return ZeroScan.run(pages, reader, options.threads(), options.scratch());
  }

  private List<DryRun.Level> levels(
      PageFilter filter, SourcePages pages, PfnBitmap zeros, LevelSurvey survey)
      throws VmcoreException {
    Optional<Samples> samples = samples(filter, pages, survey);
    List<DryRun.Level> levels = new ArrayList<>();
    for (int value = 0; value <= DumpLevel.MOST; value++) {
      DumpLevel level = new DumpLevel(value);
      Optional<PageTally> tally = survey.of(level);
      Optional<PageTally> withZeros = survey.of(new DumpLevel(value | 1));
      if (tally.isPresent() && withZeros.isPresent()) {
        levels.add(
            options.format() == OutputFormat.ELF
                ? elf(filter.of(level), level, pages, zeros, samples)
                : kdump(level, pages, tally.get(), withZeros.get(), samples));
      }
    }
    return levels;
  }

  /**
   * A level of a kdump-compressed dump.
   *
   * @param tally what the level leaves out
   * @param withZeros what is left out when pages of zeros are, too
   */
  private DryRun.Level kdump(
      DumpLevel level,
      SourcePages pages,
      PageTally tally,
      PageTally withZeros,
      Optional<Samples> samples)
      throws VmcoreException {
    double page = samples.isPresent() ? samples.get().average(level) : pages.pageSize();
    long present = pages.present().count();
    long others = present - withZeros.total();
    long descriptors = others + withZeros.of(PageKind.ZERO) + pages.lostBefore();
    long size =
        KdumpWriter.headSize(vmcore, pages)
            + descriptors * KdumpWriter.DESCRIPTOR_SIZE
            + pages.pageSize()
            + (long) (others * page);
    if (options.format() == OutputFormat.FLAT) {
      size += KdumpWriter.flattenedSize(vmcore, pages, descriptors, size);
    }
    return new DryRun.Level(level, present - tally.total(), size);
  }

  /** A level of an ELF dump, whose size its program headers tell. */
  private DryRun.Level elf(
      PageFilter filter,
      DumpLevel level,
      SourcePages pages,
      PfnBitmap zeros,
      Optional<Samples> samples)
      throws VmcoreException {
    pages.keepAll();
    Selection selection = Selection.of(filter, pages);
    if (level.excludes(PageKind.ZERO)) {
      pages.leaveOut(zeros);
    }
    pages.keepShortRuns(ElfConversion.LEAST_RUN);
    if (level.equals(options.level())) {
      leftOut = ElfConversion.recount(selection, pages, zeros, options);
    }
    long kept = pages.kept().count();
    long size = ElfDump.of(vmcore, Optional.of(pages)).size();
    if (samples.isPresent()) {
      double page = samples.get().average(pages.kept());
      long ofZeros = pages.kept().countBoth(zeros, 0, zeros.frames());
      size = (long) (Math.max(0, (double) size / pages.pageSize() - ofZeros) * page);
    }
    return new DryRun.Level(level, kept, size);
  }

  private Optional<Samples> samples(PageFilter filter, SourcePages pages, LevelSurvey survey)
      throws VmcoreException {
    if (options.compression() == PageCompression.NONE) {
      return Optional.empty();
    }
    int possible = 0;
    for (int level = 1; level <= DumpLevel.MOST; level <<= 1) {
      possible |= survey.of(new DumpLevel(level)).isPresent() ? level : 0;
    }
    Samples samples = Samples.of(vmcore, pages, options);
    if (options.format() != OutputFormat.ELF) {
      samples.classify(filter, possible, pages.frames(), options.scratch());
    }
    return Optional.of(samples);
  }
}
