package org.vmcore.kernel.stacks;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.unwind.BrokenStack;
import org.vmcore.kernel.unwind.StackMemory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/** Words of a dump's memory; the page that was read last is kept, for stacks lie close together. */
final class KernelWords implements StackMemory {
  private static final int PAGE = 4096;

  private final KernelReader in;
  private final byte[] page = new byte[PAGE];
  private final MemorySegment segment = MemorySegment.ofArray(page);
  private long start;
  private int length;

  KernelWords(KernelReader in) {
    this.in = in;
  }

  @Override
  public int wordSize() {
    return in.wordSize();
  }

  @Override
  public ByteOrder order() {
    return in.isBigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  @Override
  public long word(long address) throws BrokenStack, VmcoreException {
    int size = in.wordSize();
    int offset = (int) (address & (PAGE - 1));
    if (offset > PAGE - size) {
      byte[] bytes = in.upTo(address, size);
      return bytes.length == size ? in.word(bytes, 0) : unreadable(address + bytes.length);
    }
    if (length == 0 || start != address - offset) {
      length = 0; // until it is read
      start = address - offset;
      length = (int) in.memory().read(start, segment);
    }
    return offset + size <= length ? in.word(page, offset) : unreadable(address);
  }

  private long unreadable(long address) throws BrokenStack, VmcoreException {
    throw new BrokenStack(
        in.memory().extentAt(address).state(),
        "the word at " + Hex.of(address) + ": " + KernelReader.why(in.memory(), address));
  }
}
