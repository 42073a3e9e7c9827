package org.vmcore.kernel.unwind;

import java.nio.ByteOrder;
import java.util.OptionalLong;
import org.vmcore.arch.frames.FrameCode;
import org.vmcore.arch.frames.FrameCode.State;
import org.vmcore.memory.VmcoreException;

/** What the instructions around a place in a function tell of its frame (FORMATS.md, 219). */
public final class ChainCode {
  /** Bytes of a function that are looked at. */
  private static final int MOST = 1 << 16;

  /** A function may be entered behind its beginning: ABI 2 of ppc64, landing pads. */
  private static final long ENTRY = 16;

  private final StackMemory memory;
  private final Functions functions;
  private final FrameCode code;

  /** The code in {@code memory}, of {@code functions}. */
  public ChainCode(StackMemory memory, Functions functions, FrameCode code) {
    this.memory = memory;
    this.functions = functions;
    this.code = code;
  }

  /**
   * What the function has done when it is at {@code pc}; as if it had been called where none is.
   *
   * @throws BrokenStack when it can't be read
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public State state(long pc) throws BrokenStack, VmcoreException {
    OptionalLong start = functions.startOf(pc);
    if (start.isEmpty()) {
      return State.CALLED;
    }
    long size = pc - start.getAsLong();
    return size > MOST
        ? State.COMPLETE
        : code.state(bytes(start.getAsLong(), (int) size), memory.order());
  }

  /** Whether a call that returns to {@code address} may have led to {@code pc}. */
  boolean leadsTo(long address, long pc) throws VmcoreException {
    try {
      byte[] before = bytes(address - code.callSize(), code.callSize());
      OptionalLong callee = code.callee(before, address, memory.order());
      OptionalLong start = functions.startOf(pc);
      return callee.isPresent() && (callee.getAsLong() == 0 || isEntry(callee, start));
    } catch (BrokenStack e) {
      return false;
    }
  }

  private static boolean isEntry(OptionalLong callee, OptionalLong start) {
    long behind = callee.orElse(0) - start.orElse(0);
    return start.isPresent() && behind >= 0 && behind < ENTRY;
  }

  /** By whole words, so that no byte beyond the last one's page has to be there. */
  private byte[] bytes(long address, int size) throws BrokenStack, VmcoreException {
    byte[] bytes = new byte[size];
    int wordSize = memory.wordSize();
    int before = (int) (address & wordSize - 1);
    for (int at = -before; at < size; at += wordSize) {
      long word = memory.word(address + at);
      for (int i = Math.max(0, -at); i < wordSize && at + i < size; i++) {
        int shift = memory.order() == ByteOrder.BIG_ENDIAN ? wordSize - 1 - i : i;
        bytes[at + i] = (byte) (word >>> (Byte.SIZE * shift));
      }
    }
    return bytes;
  }
}
