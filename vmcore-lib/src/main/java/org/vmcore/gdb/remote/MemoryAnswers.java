package org.vmcore.gdb.remote;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.vmcore.gdb.remote.Arguments.Malformed;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;

/**
 * Answers to packets that read memory, at kernel virtual addresses. Of what is asked for, the bytes
 * up to the first one that the dump hasn't are given; where that is the first one, an error.
 */
final class MemoryAnswers {
  /** The most bytes of an answer, each of which may need two of the packet. */
  private static final int MOST = (PacketReader.MOST - 16) / 2;

  /** EFAULT: of these packets gdb before 16 knows numbers alone as errors. */
  private static final Reply UNREADABLE = Reply.text("E0e");

  private final Memory memory;

  MemoryAnswers(Memory memory) {
    this.memory = memory;
  }

  /** {@code m ADDRESS,LENGTH}: as digits. */
  Reply digits(Arguments arguments) throws Malformed, VmcoreException {
    long address = arguments.number(',');
    int length = arguments.size(';');
    byte[] bytes = read(address, length);
    return bytes.length == 0 && length > 0 ? UNREADABLE : Reply.hex(bytes);
  }

  /** {@code x ADDRESS,LENGTH}: as bytes. */
  Reply binary(Arguments arguments) throws Malformed, VmcoreException {
    long address = arguments.number(',');
    int length = arguments.size(';');
    byte[] bytes = read(address, length);
    return bytes.length == 0 && length > 0 ? UNREADABLE : Reply.binary("b", bytes);
  }

  private byte[] read(long address, int length) throws VmcoreException {
    byte[] bytes = new byte[Math.min(length, MOST)];
    int got = (int) memory.read(address, MemorySegment.ofArray(bytes));
    return got == bytes.length ? bytes : Arrays.copyOf(bytes, got);
  }
}
