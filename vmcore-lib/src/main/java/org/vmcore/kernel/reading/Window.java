package org.vmcore.kernel.reading;

import java.lang.foreign.MemorySegment;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;

/** A piece of memory that was read, and is read anew where the next bytes wanted lie elsewhere. */
public final class Window {
  private final Memory memory;
  private final byte[] bytes;
  private long start;
  private int length;

  /** Looks at {@code memory} through pieces of {@code size} bytes. */
  public Window(Memory memory, int size) {
    this.memory = memory;
    this.bytes = new byte[size];
  }

  /** The piece, in which {@link #at} tells a place. */
  public byte[] bytes() {
    return bytes;
  }

  /** How many bytes of the piece can be had from {@code place} on. */
  public int left(int place) {
    return length - place;
  }

  /**
   * Where in the piece the {@code size} bytes from {@code address} on begin; −1 when they can't be
   * had all.
   */
  public int at(long address, int size) throws VmcoreException {
    long place = address - start;
    if (place >= 0 && place + size <= length) {
      return (int) place;
    }
    start = address;
    length = (int) memory.read(address, MemorySegment.ofArray(bytes));
    return size <= length ? 0 : -1;
  }
}
