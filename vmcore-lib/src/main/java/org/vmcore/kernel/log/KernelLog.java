package org.vmcore.kernel.log;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.oops.CrashLines;
import org.vmcore.kernel.oops.CrashReport;
import org.vmcore.kernel.reading.KernelSource;
import org.vmcore.kernel.reading.StructLayout;
import org.vmcore.kernel.reading.Unreadable;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Described;

/**
 * The kernel's log, what {@code dmesg} shows: the lockless ring of kernels since 5.10, the buffer
 * of records before it, or the ring of characters before 3.5, as VMCOREINFO describes them.
 */
public final class KernelLog {
  private final KernelSource kernel;

  private KernelLog(KernelSource kernel) {
    this.kernel = kernel;
  }

  /** For {@code Kernel} alone, which gives each kernel's. */
  @SuppressWarnings("exports") // only the library has such a source
  public static KernelLog of(KernelSource kernel) {
    return new KernelLog(kernel);
  }

  /**
   * All of a log in short.
   *
   * @param count how many records can be read
   * @param crash what it tells of the crash
   * @param gaps what of the log can't be had, see {@link #records}
   */
  public record Summary(long count, CrashReport crash, List<Finding> gaps) {
    /** An unmodifiable copy of the gaps is kept. */
    public Summary {
      gaps = List.copyOf(gaps);
    }

    /** The line that tells of the panic, see {@link KernelLog#panic}. */
    public Optional<String> panic() {
      return crash.panic();
    }

    /** Addresses, offsets and sizes are hexadecimal. */
    @Override
    public String toString() {
      return Described.as("KernelLog.Summary")
          .add("count", count)
          .add("crash", crash)
          .add("gaps", gaps)
          .toString();
    }
  }

  /** Counts the records, and keeps the lines that may tell of a crash. */
  private static final class Counted implements Consumer<LogRecord> {
    private final CrashLines lines = new CrashLines();
    private long count;

    @Override
    public void accept(LogRecord entry) {
      count++;
      lines.record(
          entry.nanoseconds(),
          entry.facility(),
          entry.isContinuation(),
          entry.caller(),
          entry.text());
    }
  }

  /**
   * Tells {@code out} of each record, the oldest first, as far as they can be read.
   *
   * @return what of the log, or all of it, can't be had: an error where it is lost or damaged, a
   *     warning where it was left out of the dump
   * @throws VmcoreException when the log isn't found, the dump is closed, or its file fails
   */
  public List<Finding> records(Consumer<LogRecord> out) throws VmcoreException {
    try {
      return found(out);
    } catch (VmcoreException e) {
      if (!kernel.isInfoLost()) {
        throw e;
      }
      String why = e.reason() + ": parts of the dump are lost";
      return List.of(new Finding("log", Finding.Severity.ERROR, OptionalLong.empty(), why));
    }
  }

  private List<Finding> found(Consumer<LogRecord> out) throws VmcoreException {
    Optional<VmcoreInfo> info = kernel.info();
    String file = kernel.file();
    if (info.isEmpty()) {
      throw VmcoreException.of(
          file, kernel.missing("no VMCOREINFO, which tells where the kernel's log is"));
    }
    StructLayout layout = new StructLayout(info.get(), file);
    LogGaps gaps = new LogGaps(kernel.memory());
    boolean isRing = info.get().symbol("prb").isPresent();
    if (!isRing && info.get().symbol("log_buf").isEmpty()) {
      throw VmcoreException.of(file, "VMCOREINFO tells neither of prb nor of log_buf");
    }
    try {
      if (isRing) {
        PrintkRing.of(kernel.reader(), layout).read(out, gaps);
      } else if (isOfCharacters(info.get())) {
        CharacterRing.read(kernel.reader(), layout, out, gaps);
      } else {
        RecordBuffer.of(kernel.reader(), layout).read(out, gaps);
      }
    } catch (Unreadable e) {
      gaps.unreadable(e);
    }
    return gaps.findings();
  }

  /** The buffer of records has log_next_idx in place of log_end. */
  private static boolean isOfCharacters(VmcoreInfo info) {
    return info.symbol("log_end").isPresent() && info.symbol("log_first_idx").isEmpty();
  }

  /**
   * Counts the records and reads what they tell of the crash; the log is read once.
   *
   * @throws VmcoreException when the log isn't found, the dump is closed, or its file fails
   */
  public Summary summary() throws VmcoreException {
    Counted counted = new Counted();
    List<Finding> gaps = records(counted);
    return new Summary(counted.count, counted.lines.report(), gaps);
  }

  /**
   * The line that tells of the panic: the last {@code Kernel panic - not syncing}, or what the
   * kernel died of where that only says that it did.
   *
   * @throws VmcoreException when the log isn't found, the dump is closed, or its file fails
   */
  public Optional<String> panic() throws VmcoreException {
    return summary().panic();
  }
}
