package org.vmcore.format.kdump;

/**
 * How many pages to decompress at once: one where reading jumps about, ever more where it goes
 * straight on. Streams are told apart by their threads; two threads that share a place here lose
 * speed and nothing else.
 */
final class ReadAhead {
  private static final int STREAMS = 16;
  private static final int FIRST_WINDOW = 8;
  private static final int MOST_BYTES = 1 << 19;

  private final long[] next = new long[STREAMS];
  private final int[] window = new int[STREAMS];
  private final int most;

  ReadAhead(long blockSize) {
    most = (int) Math.max(1, MOST_BYTES / blockSize);
  }

  /** Page {@code index} was read. */
  void read(long index) {
    next[stream()] = index + 1;
  }

  /** Whether page {@code index} is the one behind the last that was read. */
  boolean isStraight(long index) {
    return next[stream()] == index;
  }

  /**
   * How many pages from {@code index} on to decompress now that it isn't there.
   *
   * @param wanted how many pages the reader has asked for, as far as is known
   */
  int window(long index, long wanted) {
    int stream = stream();
    int ahead = 1;
    if (next[stream] == index) {
      ahead = Math.min(most, Math.max(FIRST_WINDOW, 2 * window[stream]));
    }
    window[stream] = ahead;
    return (int) Math.max(ahead, Math.min(wanted, most));
  }

  private static int stream() {
    return (int) Thread.currentThread().threadId() & STREAMS - 1;
  }
}
