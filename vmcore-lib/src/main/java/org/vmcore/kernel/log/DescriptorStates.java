package org.vmcore.kernel.log;

/**
 * The words of a ring's descriptors: the id of a record, and above it the two bits of its state.
 *
 * <p>Sources: {@code enum desc_state} of kernel/printk/printk_ringbuffer.h; {@code desc_reserve} of
 * printk_ringbuffer.c.
 */
final class DescriptorStates {
  private static final int RESERVED = 0;
  private static final int COMMITTED = 1;
  private static final int FINALIZED = 2;
  private static final int REUSABLE = 3;

  private final long count;
  private final long idMask;
  private final int stateShift;

  /**
   * @param countBits the ring has 2 to the power of it descriptors
   * @param wordSize in bytes
   */
  DescriptorStates(int countBits, int wordSize) {
    this.count = 1L << countBits;
    this.idMask = -1L >>> (wordSize == Long.BYTES ? 2 : 34);
    this.stateShift = 8 * wordSize - 2;
  }

  /** How many descriptors the ring has. */
  long count() {
    return count;
  }

  /** {@code number} as an id: without what is a state's. */
  long id(long number) {
    return number & idMask;
  }

  /** The number of the descriptor that {@code id} has in the ring. */
  long slot(long id) {
    return id & count - 1;
  }

  private int kind(long state) {
    return (int) (state >>> stateShift) & 3;
  }

  /** Whether {@code state} is that of the finished record of {@code id}. */
  boolean isRecord(long id, long state) {
    return id(state) == id && (kind(state) == COMMITTED || kind(state) == FINALIZED);
  }

  /**
   * Whether a kernel may have stopped with this state in the descriptor of {@code id}, which is no
   * record: that of one which is being written, or whose text was given up for newer ones.
   */
  boolean mayBe(long id, long state) {
    return id(state) == id
        ? kind(state) == RESERVED || kind(state) == REUSABLE
        : isBeingReserved(id, state);
  }

  /**
   * desc_reserve() advances head_id before the descriptor gets its id: until then that is the one
   * of the round before, ready for reuse, or 0 in the first round, the ids of which begin at
   * -count.
   */
  private boolean isBeingReserved(long id, long state) {
    return state == 0
        ? id(id + count) < count
        : kind(state) == REUSABLE && id(state) == id(id - count);
  }
}
