package org.vmcore.kernel;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * The kernel's log, what {@code dmesg} shows: the lockless ring of kernels since 5.10, or the
 * buffer of records before it, both as VMCOREINFO describes them.
 */
public final class KernelLog {
  private final Kernel kernel;

  KernelLog(Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Tells {@code out} of each record, the oldest first, as far as they can be read.
   *
   * @return what of the log, or all of it, can't be had: an error where it is lost or damaged, a
   *     warning where it was left out of the dump
   * @throws VmcoreException when the log isn't found, the dump is closed, or its file fails
   */
  public List<Finding> records(Consumer<LogRecord> out) throws VmcoreException {
    Optional<VmcoreInfo> info = kernel.info();
    String file = kernel.name();
    if (info.isEmpty()) {
      throw VmcoreException.of(file, "no VMCOREINFO, which tells where the kernel's log is");
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
      } else {
        RecordBuffer.of(kernel.reader(), layout).read(out, gaps);
      }
    } catch (Unreadable e) {
      gaps.unreadable(e);
    }
    return gaps.findings();
  }

  /**
   * The line that tells of the panic: the last {@code Kernel panic - not syncing}, or what the
   * kernel died of where that only says that it did.
   *
   * @throws VmcoreException when the log isn't found, the dump is closed, or its file fails
   */
  public Optional<String> panic() throws VmcoreException {
    PanicLine line = new PanicLine();
    records(line);
    return line.found();
  }
}
