package org.vmcore.debuginfo.globals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.OptionalLong;
import org.vmcore.debuginfo.layout.KernelLayout;
import org.vmcore.memory.VmcoreException;

/** How many elements the arrays have of which no type tells it. */
final class Lengths {
  private static final String LENGTH = "LENGTH(";

  /** The largest array whose elements are looked at, in bytes. */
  private static final int LARGEST = 1 << 16;

  private final KernelLayout layout;

  Lengths(KernelLayout layout) {
    this.layout = layout;
  }

  /**
   * How many elements an array has.
   *
   * @param rule as the table has it
   * @param size of an element in bytes, more than 0
   * @param room up to the next symbol, in bytes
   * @throws VmcoreException when the elements can't be looked at
   */
  long count(String rule, long address, long size, long room) throws VmcoreException {
    if (rule.startsWith(LENGTH) && rule.endsWith(")")) {
      return told(rule.substring(LENGTH.length(), rule.length() - 1)).orElse(room / size);
    }
    return switch (rule) {
      case "" -> room / size;
      case "trimmed" -> trimmed(address, size, room);
      case "terminated" -> Math.min(trimmed(address, size, room) + 1, room / size);
      case "text" -> text(address, room);
      default -> throw new IllegalArgumentException(rule);
    };
  }

  private OptionalLong told(String array) throws VmcoreException {
    return layout.kernel().info().map(info -> info.length(array)).orElse(OptionalLong.empty());
  }

  private byte[] bytes(long address, long most) throws VmcoreException {
    MemorySegment bytes = MemorySegment.ofArray(new byte[(int) Math.min(most, LARGEST)]);
    long got = layout.kernel().memory().read(address, bytes);
    return bytes.asSlice(0, got).toArray(ValueLayout.JAVA_BYTE);
  }

  private long trimmed(long address, long size, long room) throws VmcoreException {
    byte[] bytes = bytes(address, room);
    if (bytes.length < Math.min(room, LARGEST)) {
      throw VmcoreException.of("memory", "its elements can't be read");
    }
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return (end + size - 1) / size;
  }

  private long text(long address, long room) throws VmcoreException {
    byte[] bytes = bytes(address, room);
    for (int at = 0; at < bytes.length; at++) {
      if (bytes[at] == 0) {
        return at + 1L;
      }
    }
    throw VmcoreException.of("memory", "its text has no end");
  }
}
