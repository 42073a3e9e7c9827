package org.vmcore.convert;

import java.util.function.LongConsumer;
import org.vmcore.Vmcore;

/** Tells how many bytes of a dump's memory were dealt with, up to exactly all of them. */
final class MemoryProgress {
  private final long all;
  private final long pageSize;
  private final LongConsumer out;
  private long told;

  /** That of {@code vmcore}, told to {@code out}. */
  static MemoryProgress of(Vmcore vmcore, LongConsumer out) {
    return new MemoryProgress(vmcore.memorySize(), vmcore.pageSize(), out);
  }

  private MemoryProgress(long all, long pageSize, LongConsumer out) {
    this.all = all;
    this.pageSize = pageSize;
    this.out = out;
  }

  /** So many page frames more, of some of which only a part may be RAM. */
  void pages(long count) {
    bytes(count * pageSize);
  }

  /** So many bytes more. */
  synchronized void bytes(long count) {
    long more = Math.min(count, all - told);
    if (more > 0) {
      told += more;
      out.accept(more);
    }
  }

  /** All of them. */
  void finish() {
    bytes(all);
  }
}
