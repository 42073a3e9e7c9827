package org.vmcore.convert.filter;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.convert.essential.EssentialKind;
import org.vmcore.convert.essential.EssentialMemory;
import org.vmcore.convert.essential.EssentialRange;
import org.vmcore.convert.pages.PfnBitmap;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * Checks that a dump has what it can't do without: the kernel's image, its page tables, per-CPU
 * areas, stacks, log, notes and struct pages. A filter that took some of it for page cache or free
 * memory leaves a dump that debuggers can't open.
 */
public final class EssentialCheck {
  private static final String CHECK = "essential_memory";

  private static final String ZEROS = "; a filtered ELF dump has no pages of zeros, either";

  private final Vmcore vmcore;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<EssentialKind, Missing> excluded = new EnumMap<>(EssentialKind.class);
  private final Map<EssentialKind, Missing> lost = new EnumMap<>(EssentialKind.class);
  private final List<EssentialRange> present = new ArrayList<>();

  private EssentialCheck(Vmcore vmcore) {
    this.vmcore = vmcore;
  }

  /** Pages that the dump lacks, and the physical address of the first. */
  private record Missing(long pages, long first) {
    Missing plus(Missing other) {
      return new Missing(pages + other.pages, Math.min(first, other.first));
    }
  }

  /**
   * What is missing: of each kind one error where pages are lost, and one warning where they are
   * excluded, with how many there are and the first one's physical address; else how many are
   * there. Of what may have been freed both are but info. What couldn't be found isn't checked,
   * which is told. Empty where the dump has no VMCOREINFO: then nothing is known of its kernel.
   *
   * @param scratch the folder of a temporary file, where the machine has more than 2 TiB
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public static List<Finding> of(Vmcore vmcore, Kernel kernel, Path scratch)
      throws VmcoreException {
    if (vmcore.vmcoreInfo().isEmpty() || vmcore.isXenHost()) {
      return List.of();
    }
    EssentialCheck check = new EssentialCheck(vmcore);
    EssentialMemory memory =
        EssentialMemory.of(vmcore, kernel, structPages(vmcore, kernel, scratch));
    for (EssentialKind kind : EssentialKind.values()) {
      check.look(memory.ranges().stream().filter(each -> each.kind() == kind).toList());
    }
    check.report(memory.gaps());
    return check.findings;
  }

  /** The virtual addresses of the struct pages of all RAM. */
  private static List<AddressRange> structPages(Vmcore vmcore, Kernel kernel, Path scratch)
      throws VmcoreException {
    KnownPages known = KnownPages.of(vmcore, kernel, true);
    long[] frames = {0};
    vmcore.pages(each -> frames[0] = each.pfn() + each.count());
    if (known.layout().isEmpty() || frames[0] == 0) {
      return List.of();
    }
    try (PfnBitmap ram = PfnBitmap.of(frames[0], scratch)) {
      vmcore.pages(
          each -> {
            if (each.state() != PageState.NOT_RAM) {
              ram.set(each.pfn(), each.pfn() + each.count());
            }
          });
      MemSections sections = known.sections().orElseThrow().covering(ram.nextSet(0));
      return sections.ranges(ram, known.layout().get().size());
    }
  }

  /** Looks at the pages of one kind, at each of them once. */
  private void look(List<EssentialRange> found) throws VmcoreException {
    for (EssentialRange each : new EssentialPages(found).ranges()) {
      look(each);
    }
  }

  private void look(EssentialRange range) throws VmcoreException {
    long pageSize = vmcore.pageSize();
    for (long pfn = range.from(); pfn < range.to(); ) {
      Extent extent = vmcore.physical().extentAt(pfn * pageSize);
      long left = Math.ceilDiv(extent.sizeFrom(pfn * pageSize), pageSize);
      long count = left <= 0 ? range.to() - pfn : Math.min(range.to() - pfn, left);
      Missing its = new Missing(count, pfn * pageSize);
      switch (extent.state()) {
        case EXCLUDED -> excluded.merge(range.kind(), its, Missing::plus);
        case LOST -> lost.merge(range.kind(), its, Missing::plus);
        case PRESENT -> present.add(new EssentialRange(range.kind(), pfn, pfn + count));
        case NOT_RAM -> {}
      }
      pfn += count;
    }
  }

  private void report(List<Finding> gaps) {
    lost.forEach((kind, its) -> add(severity(kind, Severity.ERROR), kind, its, "lost"));
    excluded.forEach((kind, its) -> add(severity(kind, Severity.WARNING), kind, its, "excluded"));
    long pages = new EssentialPages(present).count();
    if (findings.isEmpty() && pages > 0) {
      findings.add(Finding.info(CHECK, "all " + pages + " pages that were found are there"));
    }
    for (Finding each : gaps) {
      findings.add(Finding.info(CHECK, "not checked: " + each.message()));
    }
  }

  /** What isn't certain to be essential isn't missing for certain. */
  private static Severity severity(EssentialKind kind, Severity certain) {
    return kind == EssentialKind.IMAGE_END ? Severity.INFO : certain;
  }

  private void add(Severity severity, EssentialKind kind, Missing its, String is) {
    String text =
        its.pages
            + (its.pages == 1 ? " page of " : " pages of ")
            + kind.words()
            + (its.pages == 1 ? " is " : " are ")
            + is
            + ", the first at physical address "
            + Hex.of(its.first)
            + (severity == Severity.WARNING && vmcore.format().equals("elf") ? ZEROS : "");
    findings.add(new Finding(CHECK, severity, OptionalLong.empty(), text));
  }
}
