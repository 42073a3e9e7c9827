package org.vmcore.cli.info;

import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Summary;
import org.vmcore.cli.output.CrashTime;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.HumanSize;
import org.vmcore.cli.output.Row;
import org.vmcore.elf.Note;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.log.KernelLog;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageCounts;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/**
 * What {@code vmcore info} tells of several dumps, a row for each. Symbols and page tables aren't
 * looked for: they take longer than all that is in it.
 */
final class InfoTable implements Summary {
  private static final Fields COLUMNS = new Fields();
  private static final Field FILE = column("FILE");
  private static final Field FORMAT = column("FORMAT");
  private static final Field ARCH = column("ARCH");
  private static final Field KERNEL = column("KERNEL");
  private static final Field TIME = column("CRASH TIME");
  private static final Field CPUS = COLUMNS.count("CPUS", "NT_PRSTATUS.").titled("CPUS");
  private static final Field MEMORY = column("MEMORY");
  private static final Field EXCLUDED = column("EXCLUDED");
  private static final Field LOST = column("LOST");
  private static final Field PANIC = column("PANIC").wide(5);

  private static Field column(String title) {
    return COLUMNS.column(title, title);
  }

  @Override
  public Fields columns() {
    return COLUMNS;
  }

  @Override
  public Field file() {
    return FILE;
  }

  @Override
  public Field remark() {
    return PANIC;
  }

  @Override
  public Facts of(Vmcore vmcore, Ending ending) throws VmcoreException {
    Overview seen = new Overview(vmcore);
    if (seen.isDamaged) {
      ending.damaged();
    }
    return seen;
  }

  /** The facts of one dump, which is closed when they are printed. */
  private static final class Overview implements Facts {
    private final String format;
    private final String arch;
    private final long memory;
    private final long excluded;
    private final long lost;
    private final boolean isDamaged;
    private int cpus;
    private Optional<String> release = Optional.empty();
    private OptionalLong time = OptionalLong.empty();
    private String panic = "-";

    Overview(Vmcore vmcore) throws VmcoreException {
      StringBuilder wrapped = new StringBuilder(vmcore.format());
      vmcore.envelopes().reversed().forEach(each -> wrapped.append(" in ").append(each));
      format = wrapped.toString();
      arch = vmcore.architecture();
      memory = vmcore.memorySize();
      PageCounts pages = vmcore.pageCounts();
      excluded = pages.of(PageState.EXCLUDED) * vmcore.pageSize();
      lost = pages.of(PageState.LOST) * vmcore.pageSize();
      for (Note note : vmcore.notes()) {
        cpus += note.isPrStatus() ? 1 : 0;
      }
      boolean gaps = vmcore.isXenHost() || kernel(vmcore);
      isDamaged = vmcore.isDamaged() || lost > 0 || gaps;
    }

    /** What the kernel tells; gives whether something of that is lost. */
    private boolean kernel(Vmcore vmcore) throws VmcoreException {
      Kernel kernel = Kernel.of(vmcore, vmcore.search().withDefault(KernelFacts.SEARCHED));
      Optional<VmcoreInfo> info = kernel.info();
      if (info.isPresent()) {
        release = info.get().osRelease();
        time = info.get().crashTime();
      }
      return !vmcore.isDeviceMemory() && log(kernel.log());
    }

    private boolean log(KernelLog log) throws VmcoreException {
      KernelLog.Summary summary;
      try {
        summary = log.summary();
      } catch (VmcoreException e) {
        return false; // it isn't found
      }
      if (summary.panic().isPresent()) {
        panic = summary.panic().get();
      }
      for (Finding gap : summary.gaps()) {
        if (gap.severity() == Finding.Severity.ERROR) {
          return true;
        }
      }
      return false;
    }

    @Override
    public void set(Row row) {
      row.set(FORMAT, format).set(ARCH, arch).set(KERNEL, release.orElse("-"));
      row.set(TIME, time.isPresent() ? CrashTime.text(time.getAsLong()) : "-");
      row.set(CPUS, cpus).set(MEMORY, HumanSize.of(memory));
      row.set(EXCLUDED, excluded == 0 ? "-" : HumanSize.of(excluded));
      row.set(LOST, lost == 0 ? "-" : HumanSize.of(lost)).set(PANIC, panic);
    }
  }
}
