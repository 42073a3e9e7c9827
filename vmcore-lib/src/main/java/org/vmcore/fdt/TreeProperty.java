package org.vmcore.fdt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** A property of a device tree's node: a name and bytes; equal when both are. */
public final class TreeProperty implements TreeItem {
  private final String name;

  /** The value and what pads it in the file: other tools leave old bytes there. */
  private final byte[] padded;

  private final int size;

  /** A property of the first {@code size} of these bytes, which aren't copied. */
  TreeProperty(String name, byte[] padded, int size) {
    this.name = name;
    this.padded = padded;
    this.size = size;
  }

  /**
   * A property that holds {@code value}.
   *
   * @param name of characters up to 0xff, none of them NUL
   */
  public static TreeProperty of(String name, byte... value) {
    int padded = DeviceTreeToken.align(value.length);
    return new TreeProperty(TreeNode.checked(name), Arrays.copyOf(value, padded), value.length);
  }

  /** A property that holds text and its NUL. */
  public static TreeProperty text(String name, String text) {
    return of(name, (text + '\0').getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A property that holds one cell: a big-endian 32-bit number. */
  public static TreeProperty cell(String name, int value) {
    byte high = (byte) (value >>> 24);
    return of(name, high, (byte) (value >>> 16), (byte) (value >>> 8), (byte) value);
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** A copy of the bytes. */
  public byte[] value() {
    return Arrays.copyOf(padded, size);
  }

  /** The size of the value in bytes. */
  public int size() {
    return size;
  }

  void writePadded(ByteBuffer out) {
    out.put(padded);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TreeProperty that
        && name.equals(that.name)
        && Arrays.equals(padded, 0, size, that.padded, 0, that.size);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(value());
  }

  @Override
  public String toString() {
    return name + " = [" + HexFormat.ofDelimiter(" ").formatHex(padded, 0, size) + "]";
  }
}
