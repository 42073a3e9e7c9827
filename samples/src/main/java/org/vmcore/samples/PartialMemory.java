package org.vmcore.samples;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.vmcore.Vmcore;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.OldMemory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/**
 * A dump's memory, of which a set of page frames is kept and all else excluded; while it records,
 * everything can be read, and the set grows by what is. Behind {@link #NOTES} the dump's image
 * stands, for its notes.
 */
final class PartialMemory implements OldMemory {
  /** Where the image begins: no machine has memory there. */
  static final long NOTES = 1L << 56;

  private final Vmcore dump;
  private final Memory physical;
  private final int shift;
  private final BitSet kept = new BitSet();
  private final ReentrantLock lock = new ReentrantLock();
  private boolean isRecording = true;

  /** All of the memory of {@code dump}, recording. */
  PartialMemory(Vmcore dump) {
    this.dump = dump;
    this.physical = dump.physical();
    this.shift = Long.numberOfTrailingZeros(dump.pageSize());
  }

  /** From now on what wasn't read so far is excluded. */
  void stopRecording() {
    lock.lock();
    try {
      isRecording = false;
    } finally {
      lock.unlock();
    }
  }

  /** Keeps the page frames from {@code from} to in front of {@code to}, read or not. */
  void keep(long from, long to) {
    kept.set(Math.toIntExact(from), Math.toIntExact(to));
  }

  /** How many page frames are kept. */
  int count() {
    return kept.cardinality();
  }

  @Override
  public long read(long address, MemorySegment dst) throws VmcoreException {
    if (address >= NOTES) {
      return dump.read(address - NOTES, dst);
    }
    long most = isRecording() ? dst.byteSize() : keptFrom(address, dst.byteSize());
    long got = most == 0 ? 0 : physical.read(address, dst.asSlice(0, most));
    record(address, got);
    return got;
  }

  private boolean isRecording() {
    lock.lock();
    try {
      return isRecording;
    } finally {
      lock.unlock();
    }
  }

  private void record(long address, long size) {
    lock.lock();
    try {
      if (isRecording && size > 0) {
        kept.set(frame(address), frame(address + size - 1) + 1);
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many of {@code size} bytes from {@code address} on are kept. */
  private long keptFrom(long address, long size) {
    int end = kept.nextClearBit(frame(address));
    return Math.clamp(((long) end << shift) - address, 0, size);
  }

  private int frame(long address) {
    return Math.toIntExact(address >>> shift);
  }

  @Override
  public Extent extentAt(long address) throws VmcoreException {
    if (address >= NOTES) {
      Extent inside = dump.extentAt(address - NOTES);
      return new Extent(inside.start() + NOTES, inside.size(), inside.state());
    }
    Extent extent = physical.extentAt(address);
    if (isRecording() || !extent.isPresent()) {
      return extent;
    }
    int frame = frame(address);
    boolean isKept = kept.get(frame);
    int from = 1 + (isKept ? kept.previousClearBit(frame) : kept.previousSetBit(frame));
    OptionalLong to = isKept ? OptionalLong.of(kept.nextClearBit(frame)) : excludedTo(frame);
    long start = Math.max(extent.start(), (long) from << shift);
    long end = extent.start() + extent.size();
    if (to.isPresent()) {
      end = Math.min(end, to.getAsLong() << shift);
    }
    return new Extent(start, end - start, isKept ? PageState.PRESENT : PageState.EXCLUDED);
  }

  private OptionalLong excludedTo(int frame) {
    int next = kept.nextSetBit(frame);
    return next < 0 ? OptionalLong.empty() : OptionalLong.of(next);
  }

  @Override
  public Optional<Finding> lossAt(long address) throws VmcoreException {
    return address >= NOTES ? dump.lossAt(address - NOTES) : physical.lossAt(address);
  }
}
