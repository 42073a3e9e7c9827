package org.vmcore.kernel.system;

import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.VmcoreException;

/**
 * What is known of the kernel as a whole. Each part is read when it is asked for, and empty where
 * the dump doesn't tell of it or it can't be read; a {@link VmcoreException} is thrown when the
 * dump is closed or its file fails.
 */
public final class SystemState {
  private static final long SECOND = 1_000_000_000L;

  /** INITIAL_JIFFIES: the counter's low 32 bits begin 300 seconds before they overflow. */
  private static final long SECONDS_BEFORE_OVERFLOW = 300;

  private static final int MAX_COMMAND_LINE = 4096;

  private final KernelObjects objects;

  private SystemState(KernelObjects objects) {
    this.objects = objects;
  }

  /** The state of the kernel whose memory {@code objects} is. */
  public static SystemState of(KernelObjects objects) {
    return new SystemState(objects);
  }

  /** How long the kernel ran, in nanoseconds, to a tick of its clock. */
  public OptionalLong uptime() throws VmcoreException {
    OptionalLong byTicks = ticks();
    return byTicks.isPresent() ? byTicks : Timekeeper.uptime(objects);
  }

  /**
   * When the kernel's monotonic clock began, in nanoseconds since 1970: what its timekeeper adds to
   * that clock to have the time of day (offs_real). The log has a clock of its own, which began at
   * about the same time and isn't corrected as this one is (NTP); neither counts suspended time.
   */
  public OptionalLong bootTime() throws VmcoreException {
    return Timekeeper.start(objects);
  }

  private OptionalLong ticks() throws VmcoreException {
    OptionalLong jiffies = word64("jiffies_64");
    OptionalLong hz = ticksPerSecond();
    if (jiffies.isEmpty() || hz.isEmpty()) {
      return OptionalLong.empty();
    }
    long perSecond = hz.getAsLong();
    long first = -SECONDS_BEFORE_OVERFLOW * perSecond & 0xffff_ffffL;
    long ticks = jiffies.getAsLong() - first;
    return ticks < 0
        ? OptionalLong.empty()
        : OptionalLong.of(ticks / perSecond * SECOND + ticks % perSecond * SECOND / perSecond);
  }

  /** HZ, how often the timer ticks in a second; more than 0. */
  public OptionalLong ticksPerSecond() throws VmcoreException {
    OptionalLong tick = word("tick_nsec");
    if (tick.isEmpty() || tick.getAsLong() <= 0) {
      return OptionalLong.empty();
    }
    long perSecond = (SECOND + tick.getAsLong() / 2) / tick.getAsLong();
    return perSecond == 0 ? OptionalLong.empty() : OptionalLong.of(perSecond);
  }

  /** The average load. */
  public Optional<LoadAverage> load() throws VmcoreException {
    if (objects.symbols().addressInKernel("avenrun").isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(LoadAverage.read(objects));
    } catch (VmcoreException e) {
      return Optional.empty();
    }
  }

  /** What taints it. */
  public Optional<Taints> taints() throws VmcoreException {
    OptionalLong mask = word("tainted_mask");
    return mask.isPresent() ? Optional.of(new Taints(mask.getAsLong())) : Optional.empty();
  }

  /** The memory that it manages, in pages. */
  public OptionalLong totalPages() throws VmcoreException {
    OptionalLong total = word("_totalram_pages");
    return total.isPresent() ? total : word("totalram_pages");
  }

  /** How much of it is free, in pages, as the kernel's statistics have it. */
  public OptionalLong freePages() throws VmcoreException {
    OptionalLong index = objects.types().enumerator("NR_FREE_PAGES");
    OptionalLong counts = objects.symbols().addressInKernel("vm_zone_stat");
    if (index.isEmpty() || counts.isEmpty() || index.getAsLong() < 0 || index.getAsLong() > 1000) {
      return OptionalLong.empty();
    }
    KernelReader in = objects.reader();
    return word(counts.getAsLong() + index.getAsLong() * in.wordSize(), in, "vm_zone_stat");
  }

  /** What the kernel was started with: {@code /proc/cmdline}. */
  public Optional<String> commandLine() throws VmcoreException {
    OptionalLong line = word("saved_command_line");
    if (line.isEmpty() || line.getAsLong() == 0) {
      return Optional.empty();
    }
    String text = objects.reader().text(line.getAsLong(), MAX_COMMAND_LINE);
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private OptionalLong word(String symbol) throws VmcoreException {
    OptionalLong address = objects.symbols().addressInKernel(symbol);
    return address.isEmpty() ? address : word(address.getAsLong(), objects.reader(), symbol);
  }

  private static OptionalLong word(long address, KernelReader in, String what) {
    try {
      return OptionalLong.of(in.word(address, what));
    } catch (VmcoreException e) {
      return OptionalLong.empty();
    }
  }

  private OptionalLong word64(String symbol) throws VmcoreException {
    OptionalLong address = objects.symbols().addressInKernel(symbol);
    KernelReader in = objects.reader();
    if (address.isEmpty()) {
      return address;
    }
    try {
      return OptionalLong.of(in.int64(in.bytes(address.getAsLong(), Long.BYTES, symbol), 0));
    } catch (VmcoreException e) {
      return OptionalLong.empty();
    }
  }
}
