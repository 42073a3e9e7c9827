package org.vmcore.fdt;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/** The strings block of a device tree: the names of its properties. */
final class DeviceTreeStrings {
  /** The longest name that is read in bytes; one block's end could be the name of thousands. */
  private static final int MAX_NAME = 255;

  private final String file;
  private final int start;
  private final String block;
  private final Map<Integer, String> names = new HashMap<>();

  /** The block of {@code size} bytes at offset {@code start} of {@code bytes}. */
  DeviceTreeStrings(String file, byte[] bytes, int start, int size) {
    this.file = file;
    this.start = start;
    this.block = new String(bytes, start, size, StandardCharsets.ISO_8859_1);
  }

  /** The bytes of the block, each one character. */
  String block() {
    return block;
  }

  /** The name at {@code offset} of the block, which the field at {@code at} of the file tells. */
  String name(long offset, long at) throws VmcoreException {
    if (offset >= block.length()) {
      String where = "the property's name is at " + Hex.of(offset);
      throw VmcoreException.at(
          file, at, where + " of the strings, which have " + block.length() + " bytes");
    }
    String known = names.get((int) offset);
    if (known != null) {
      return known;
    }
    int end = block.indexOf('\0', (int) offset);
    if (end < 0 || end - offset > MAX_NAME) {
      throw VmcoreException.at(
          file,
          start + offset,
          "the property's name has no end, or more than " + MAX_NAME + " bytes");
    }
    String name = block.substring((int) offset, end);
    names.put((int) offset, name);
    return name;
  }

  /** Where each name is that was asked for: the first place of each. */
  Map<String, Integer> offsets() {
    Map<String, Integer> offsets = new HashMap<>();
    names.forEach((offset, name) -> offsets.merge(name, offset, Math::min));
    return offsets;
  }
}
