package org.vmcore.convert.filter;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vmcore.Vmcore;
import org.vmcore.convert.level.DumpLevel;
import org.vmcore.convert.level.PageTally;
import org.vmcore.convert.pages.PfnBitmap;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * Leaves pages out of a dump: those that a {@link DumpLevel} can do without, as the kernel's struct
 * pages say, with makedumpfile's decisions (FORMATS.md, 119). Pages of zeros aren't its business:
 * who reads the pages sees them.
 *
 * <p>The kernel's image, its page tables, per-CPU areas, stacks, log, notes and struct pages are
 * never left out, whatever struct pages say of them.
 *
 * {@snippet :
 * PageFilter filter = PageFilter.of(vmcore, kernel, new DumpLevel(31), 2);
 * PageTally left = filter.apply(kept); // kept has the pages that are present and RAM
 * List<Finding> findings = filter.findings();
 * }
 */
public final class PageFilter {
  private final Vmcore vmcore;
  private final Kernel kernel;
  private final DumpLevel level;
  private final int jobs;
  private final KnownPages known;
  private final List<Finding> findings = new ArrayList<>();
  private @Nullable Essentials essentials;
  private boolean isTold;

  private PageFilter(Vmcore vmcore, Kernel kernel, DumpLevel level, int jobs, KnownPages known) {
    this.vmcore = vmcore;
    this.kernel = kernel;
    this.level = level;
    this.jobs = jobs;
    this.known = known;
  }

  /**
   * The filter of a dump. Nothing but what the kernel tells of its struct pages is read.
   *
   * <p>At levels 0 and 1 broken and offline pages alone are left out, and only where VMCOREINFO
   * tells of broken ones; where too little else is known, these levels leave nothing out.
   *
   * @param jobs how many threads read struct pages, the caller's among them
   * @throws VmcoreException when the level needs something that neither VMCOREINFO nor the kernel's
   *     types tell: it names what is missing, and the levels that are possible; also when the dump
   *     is closed, or its file fails
   */
  public static PageFilter of(Vmcore vmcore, Kernel kernel, DumpLevel level, int jobs)
      throws VmcoreException {
    KnownPages known = KnownPages.of(vmcore, kernel, level.asksTheKernel());
    known.require(vmcore.name(), level);
    return new PageFilter(vmcore, kernel, level, jobs, known);
  }

  /**
   * Takes out of {@code kept} what the level leaves out. It may be called once.
   *
   * @param kept the page frames to be written so far: those whose first byte lies in a PT_LOAD, and
   *     that are present. Others must not be in it; they aren't counted
   * @return how many page frames were taken out, by kind
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  @SuppressWarnings("exports") // only the library has such a set
  public PageTally apply(PfnBitmap kept) throws VmcoreException {
    int wanted = LevelScan.wanted(level, known.isPoisonKnown());
    if (known.layout().isEmpty() || wanted == 0 || kept.nextSet(0) == kept.frames()) {
      return new PageTally();
    }
    MemSections sections = sections(known, kept);
    Essentials essential = essentials(known, sections, kept);
    try {
      Excluding excluding = new Excluding(kept, wanted, essential);
      pass(known, sections, kept, excluding);
      PageTally left = excluding.finish();
      tell(excluding.spared(), essential);
      return left;
    } finally {
      essential.await();
    }
  }

  /**
   * Counts what each level would leave out, and leaves nothing out. The filter may be of any level;
   * only levels that enough is known for are counted.
   *
   * @param kept as for {@link #apply}, or, behind it, some of these; it isn't changed
   * @param zero the page frames that hold nothing but zeros, as far as the caller knows
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  @SuppressWarnings("exports") // only the library has such a set
  public LevelSurvey survey(PfnBitmap kept, PfnBitmap zero) throws VmcoreException {
    KnownPages all = KnownPages.of(vmcore, kernel, true);
    LevelSurvey survey = new LevelSurvey(all.levels(), all.isPoisonKnown());
    survey.zeros(kept.countBoth(zero, 0, kept.frames()));
    if (all.layout().isPresent() && kept.nextSet(0) < kept.frames()) {
      MemSections sections = sections(all, kept);
      Essentials found = essentials(all, sections, kept);
      EssentialPages essential = found.pages();
      SparedPages spared = new SparedPages();
      LevelSurvey.Spared ofLevel = new LevelSurvey.Spared(level, spared);
      pass(all, sections, kept, (_, to) -> survey.group(kept, zero, essential, ofLevel, to));
      tell(spared, found);
    }
    return survey;
  }

  /**
   * The filter of another level, which needn't look for essential memory once more.
   *
   * @throws VmcoreException as {@link #of(Vmcore, Kernel, DumpLevel, int)} does
   */
  public PageFilter of(DumpLevel other) throws VmcoreException {
    PageFilter filter = of(vmcore, kernel, other, jobs);
    filter.essentials = essentials;
    return filter;
  }

  /**
   * Takes essential pages out of {@code zero}, for a format that has no pages of zeros but leaves
   * them out. Nothing is searched for where VMCOREINFO doesn't tell of struct pages.
   *
   * @param kept as for {@link #apply}
   * @param zero page frames that hold nothing but zeros
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  @SuppressWarnings("exports") // only the library has such a set
  public void spare(PfnBitmap kept, PfnBitmap zero) throws VmcoreException {
    if (vmcore.vmcoreInfo().isEmpty() || zero.nextSet(0) == zero.frames()) {
      return;
    }
    KnownPages all = KnownPages.of(vmcore, kernel, true);
    if (all.layout().isPresent()) {
      essentials(all, sections(all, kept), kept).pages().takeOutOf(zero);
    }
  }

  private static MemSections sections(KnownPages by, PfnBitmap kept) throws VmcoreException {
    return by.sections().orElseThrow().covering(kept.nextSet(0));
  }

  /** What {@link #apply} was given has all the pages that are asked about later. */
  private Essentials essentials(KnownPages by, MemSections sections, PfnBitmap kept)
      throws VmcoreException {
    Essentials found = essentials;
    if (found == null) {
      int size = by.layout().orElseThrow().size();
      List<AddressRange> ranges = sections.ranges(kept, size);
      found =
          level.asksTheKernel()
              ? Essentials.find(vmcore, kernel, ranges)
              : Essentials.findLater(vmcore, kernel, ranges);
      essentials = found;
    }
    return found;
  }

  private void pass(KnownPages by, MemSections sections, PfnBitmap kept, FilterPass.Task task)
      throws VmcoreException {
    boolean isBigEndian = kernel.order() == ByteOrder.BIG_ENDIAN;
    StructPages pages = new StructPages(by.layout().orElseThrow(), isBigEndian);
    FilterPass pass = new FilterPass(sections, pages, vmcore.pageSize(), jobs);
    pass.run(kept, task);
    if (!isTold && level.asksTheKernel()) {
      pass.lost().ifPresent(findings::add);
    }
  }

  /** A second pass is over some of the pages of the first: what it finds has been told. */
  private void tell(SparedPages spared, Essentials essential) throws VmcoreException {
    if (!isTold) {
      if (level.asksTheKernel()) {
        essential.unprotected().ifPresent(findings::add);
      }
      findings.addAll(spared.findings(vmcore.pageSize()));
    }
    isTold = true;
  }

  /**
   * What is to be said of {@link #apply} at the filter's level, or of what it would do where {@link
   * #survey} comes first: pages that are kept for a reason; what of essential memory couldn't be
   * found, and so isn't kept for that reason; struct pages that can't be read, at levels above 1
   * only, for the others keep those pages anyhow.
   */
  public List<Finding> findings() {
    return List.copyOf(findings);
  }
}
