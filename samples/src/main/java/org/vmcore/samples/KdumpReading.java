package org.vmcore.samples;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import org.vmcore.Vmcore;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;

/**
 * Reads the pages that are in a dump, 4 KiB at a time, one thread: all of them in order, or some of
 * them in a random one, into one buffer. What {@code samples/bench/kdumpfile.c} does, done with
 * this library. {@code samples/bench/table} starts it with the options that the launcher gives the
 * JVM for {@code vmcore read}; its first pass is the first thing that the JVM reads.
 */
public final class KdumpReading {
  private static final int PAGE = 4096;
  private static final long SEED = 0x9e37_79b9_7f4a_7c15L;

  private KdumpReading() {}

  /**
   * Reads {@code PASSES} times and prints of each pass the seconds, the bytes, and the sum of each
   * page's first eight bytes: {@code FILE seq|random PAGES PASSES}, all pages where PAGES is 0.
   *
   * @throws IOException when the dump can't be read
   */
  public static void main(String[] args) throws IOException {
    try (Vmcore vmcore = Vmcore.open(Path.of(args[0]));
        Arena arena = Arena.ofConfined()) {
      long[] frames = present(vmcore);
      int count = Integer.parseInt(args[2]);
      if (args[1].equals("random")) {
        frames = random(frames, count == 0 ? frames.length : count);
      } else if (count > 0) {
        frames = Arrays.copyOf(frames, Math.min(count, frames.length));
      }
      MemorySegment page = arena.allocate(PAGE, PAGE);
      Memory memory = vmcore.physical();
      for (int pass = Integer.parseInt(args[3]); pass > 0; pass--) {
        long start = System.nanoTime();
        long sum = read(memory, frames, page);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("%.6f %d %016x%n", seconds, (long) frames.length * PAGE, sum);
      }
    }
  }

  /** The numbers of the page frames that are in the dump. */
  private static long[] present(Vmcore vmcore) throws IOException {
    long[][] frames = {new long[1 << 16]};
    int[] count = {0};
    vmcore.pages(
        range -> {
          if (range.state() == PageState.PRESENT) {
            for (long i = 0; i < range.count(); i++) {
              if (count[0] == frames[0].length) {
                frames[0] = Arrays.copyOf(frames[0], 2 * count[0]);
              }
              frames[0][count[0]++] = range.pfn() + i;
            }
          }
        });
    return Arrays.copyOf(frames[0], count[0]);
  }

  /** Some of them by xorshift64, the same for every reader. */
  private static long[] random(long[] frames, int count) {
    long[] some = new long[count];
    long state = SEED;
    for (int i = 0; i < count; i++) {
      state ^= state << 13;
      state ^= state >>> 7;
      state ^= state << 17;
      some[i] = frames[(int) Long.remainderUnsigned(state, frames.length)];
    }
    return some;
  }

  private static long read(Memory memory, long[] frames, MemorySegment page) throws IOException {
    long sum = 0;
    for (long pfn : frames) {
      if (memory.read(pfn * PAGE, page) != PAGE) {
        throw new IOException("page frame " + pfn + " can't be read");
      }
      sum += page.get(ValueLayout.JAVA_LONG, 0);
    }
    return sum;
  }
}
