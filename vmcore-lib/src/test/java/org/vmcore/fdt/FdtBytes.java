package org.vmcore.fdt;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Makes a device tree's file token by token, right or wrong: header, one empty reservation map,
 * structure, strings.
 */
public final class FdtBytes {
  private static final int HEADER = 40;
  private static final int MAP = 16;

  private final ByteArrayOutputStream structure = new ByteArrayOutputStream();
  private String strings = "";
  private int version = 17;
  private int lastCompatible = 16;

  /** A file without any token. */
  static FdtBytes empty() {
    return new FdtBytes();
  }

  /** A small tree that is right: a root with a property and a node with an empty property. */
  static FdtBytes small() {
    return empty()
        .strings("model\0dma-coherent\0")
        .begin("")
        .property(0, "a board\0")
        .begin("cpus")
        .property(6, "")
        .end()
        .end()
        .token(DeviceTreeToken.END);
  }

  FdtBytes strings(String block) {
    strings = block;
    return this;
  }

  FdtBytes version(int number, int compatible) {
    version = number;
    lastCompatible = compatible;
    return this;
  }

  FdtBytes token(int number) {
    structure.writeBytes(ByteBuffer.allocate(4).putInt(number).array());
    return this;
  }

  FdtBytes begin(String name) {
    return token(DeviceTreeToken.BEGIN_NODE).text(name + '\0');
  }

  FdtBytes end() {
    return token(DeviceTreeToken.END_NODE);
  }

  FdtBytes property(int name, String value) {
    return token(DeviceTreeToken.PROP).token(value.length()).token(name).text(value);
  }

  /** Bytes, padded to four. */
  FdtBytes text(String text) {
    structure.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    while (structure.size() % 4 != 0) {
      structure.write(0);
    }
    return this;
  }

  /** The file. */
  byte[] build() {
    int stringsAt = HEADER + MAP + structure.size();
    int total = stringsAt + strings.length();
    ByteBuffer out = ByteBuffer.allocate(total).putInt(DeviceTreeToken.MAGIC).putInt(total);
    out.putInt(HEADER + MAP).putInt(stringsAt).putInt(HEADER).putInt(version);
    out.putInt(lastCompatible).putInt(3).putInt(strings.length()).putInt(structure.size());
    out.position(HEADER + MAP).put(structure.toByteArray());
    return out.put(strings.getBytes(StandardCharsets.ISO_8859_1)).array();
  }

  /** The file with the 32-bit number at {@code offset} replaced. */
  byte[] with(int offset, int number) {
    byte[] bytes = build();
    ByteBuffer.wrap(bytes).putInt(offset, number);
    return bytes;
  }
}
