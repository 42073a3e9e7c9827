package org.vmcore.cli.find;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/** Bytes that stand where something was found, as far as they can be read. */
final class Surroundings {
  private static final HexFormat SPACED = HexFormat.ofDelimiter(" ");

  private final byte[] bytes;

  /** How many of them stand in front of it. */
  private final int before;

  private final int size;

  private Surroundings(byte[] bytes, int before, int size) {
    this.bytes = bytes;
    this.before = before;
    this.size = size;
  }

  /** {@code size} bytes of {@code memory} at {@code address}, and {@code around} at either side. */
  static Surroundings of(Memory memory, long address, int size, int around) throws VmcoreException {
    byte[] bytes = new byte[size + 2 * around];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    int before = (int) Math.min(around, address < 0 ? around : address);
    while (before > 0) {
      int got = (int) memory.read(address - before, segment.asSlice(0, before));
      if (got == before) {
        break;
      }
      Extent gap = Extent.unread(memory, address - before + got);
      long behind = gap.sizeFrom(address - before + got);
      before = (int) Math.max(0, behind < 0 ? 0 : before - got - behind);
    }
    long got = memory.read(address, segment.asSlice(before, size + around));
    return new Surroundings(Arrays.copyOf(bytes, before + (int) got), before, size);
  }

  /** What stands in front, as digits. */
  String before() {
    return HexFormat.of().formatHex(bytes, 0, before);
  }

  /** What was found, as digits. */
  String found() {
    return HexFormat.of().formatHex(bytes, before, end());
  }

  /** What stands behind, as digits. */
  String after() {
    return HexFormat.of().formatHex(bytes, end(), bytes.length);
  }

  /** As characters, also those in front: {@code |...it begins|}. */
  String characters() {
    return characters(0);
  }

  /** As bytes and characters, from the first one that was found on. */
  String dump() {
    return SPACED.formatHex(bytes, before, bytes.length) + "  " + characters(before);
  }

  private String characters(int from) {
    StringBuilder text = new StringBuilder("|");
    for (byte each : Arrays.copyOfRange(bytes, from, bytes.length)) {
      text.append(each >= 0x20 && each < 0x7f ? (char) each : '.');
    }
    return text.append('|').toString();
  }

  /** Numbers of the size of what was found, from it on. */
  String pointers(boolean isBig) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; before + (i + 1) * size <= bytes.length; i++) {
      text.append(i == 0 ? "" : " ").append(Hex.of(number(i, isBig)));
    }
    return text.toString();
  }

  /** The number that stands so many of them behind what was found. */
  long number(int index, boolean isBig) {
    int from = before + index * size;
    long number = 0;
    for (int i = 0; i < size; i++) {
      number = (number << Byte.SIZE) | (bytes[isBig ? from + i : from + size - 1 - i] & 0xff);
    }
    return number;
  }

  private int end() {
    return Math.min(bytes.length, before + size);
  }
}
