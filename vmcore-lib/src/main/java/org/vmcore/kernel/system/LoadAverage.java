package org.vmcore.kernel.system;

import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.VmcoreException;

/**
 * How many tasks ran or waited for disks on the average of 1, 5 and 15 minutes, in hundredths.
 *
 * <p>Source: kernel/sched/loadavg.c, fs/proc/loadavg.c.
 */
public record LoadAverage(int one, int five, int fifteen) {
  private static final int FSHIFT = 11;
  private static final int HALF_OF_A_HUNDREDTH = (1 << FSHIFT) / 200;

  static LoadAverage read(KernelObjects objects) throws VmcoreException {
    KernelReader in = objects.reader();
    int word = in.wordSize();
    byte[] loads = in.bytes(objects.address("avenrun"), 3 * word, "avenrun");
    return new LoadAverage(
        hundredths(in.word(loads, 0)),
        hundredths(in.word(loads, word)),
        hundredths(in.word(loads, 2 * word)));
  }

  private static int hundredths(long load) {
    long rounded = (load + HALF_OF_A_HUNDREDTH) & 0xffff_ffffL;
    return (int) ((rounded * 100) >> FSHIFT);
  }

  /** As {@code uptime} shows it: {@code 0.43, 0.11, 0.04}. */
  @Override
  public String toString() {
    return text(one) + ", " + text(five) + ", " + text(fifteen);
  }

  private static String text(int hundredths) {
    int rest = hundredths % 100;
    return hundredths / 100 + (rest < 10 ? ".0" : ".") + rest;
  }
}
