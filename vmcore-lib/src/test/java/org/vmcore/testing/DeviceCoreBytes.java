package org.vmcore.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.vmcore.elf.ElfClass;

/**
 * The bytes of a device's coredump as the kernel writes it: segments back to back behind program
 * headers or, in its other form, behind section headers and their names ({@code
 * drivers/remoteproc/remoteproc_coredump.c}).
 */
public final class DeviceCoreBytes {
  private static final String STRING_TABLE = "STR_TBL";

  private final ElfClass elfClass;
  private final ByteOrder order;
  private final boolean hasSections;
  private final List<Part> parts = new ArrayList<>();
  private final Map<Integer, Long> words = new TreeMap<>();
  private int shnum = -1;
  private int shstrndx = 1;

  private static final class Part {
    private final byte[] name;
    private final long address;
    private final byte[] bytes;

    Part(byte[] name, long address, byte[] bytes) {
      this.name = name.clone();
      this.address = address;
      this.bytes = bytes.clone();
    }
  }

  private DeviceCoreBytes(ElfClass elfClass, ByteOrder order, boolean hasSections) {
    this.elfClass = elfClass;
    this.order = order;
    this.hasSections = hasSections;
  }

  /** With program headers. */
  public static DeviceCoreBytes segments(ElfClass elfClass, ByteOrder order) {
    return new DeviceCoreBytes(elfClass, order, false);
  }

  /** With section headers alone. */
  public static DeviceCoreBytes sections(ElfClass elfClass, ByteOrder order) {
    return new DeviceCoreBytes(elfClass, order, true);
  }

  /** Adds memory at a device address. */
  public DeviceCoreBytes add(String name, long address, byte[] bytes) {
    return add(name.getBytes(StandardCharsets.UTF_8), address, bytes);
  }

  /** Adds memory at a device address; its name may be any bytes. */
  public DeviceCoreBytes add(byte[] name, long address, byte[] bytes) {
    parts.add(new Part(name, address, bytes));
    return this;
  }

  /** Another e_shnum than there are sections. */
  public DeviceCoreBytes shnum(int count) {
    shnum = count;
    return this;
  }

  /** Another section of names. */
  public DeviceCoreBytes shstrndx(int index) {
    shstrndx = index;
    return this;
  }

  /** Another sh_offset of the n-th memory, as a signed number. */
  public DeviceCoreBytes offset(int part, long offset) {
    words.put(part, offset);
    return this;
  }

  private boolean is64() {
    return elfClass == ElfClass.ELF64;
  }

  private void word(ByteBuffer out, long value) {
    if (is64()) {
      out.putLong(value);
    } else {
      out.putInt((int) value);
    }
  }

  /** The whole file. */
  public byte[] bytes() {
    byte[] names = names();
    int table =
        hasSections
            ? (parts.size() + 2) * elfClass.sectionHeaderSize() + names.length
            : parts.size() * elfClass.programHeaderSize();
    int data = elfClass.headerSize() + table;
    int size = data + parts.stream().mapToInt(part -> part.bytes.length).sum();
    ByteBuffer out = ByteBuffer.allocate(size).order(order);
    header(out);
    if (hasSections) {
      sections(out, names, data);
      out.put(names);
    } else {
      programHeaders(out, data);
    }
    parts.forEach(part -> out.put(part.bytes));
    return out.array();
  }

  /** Writes it. */
  public Path writeTo(Path file) throws IOException {
    return Files.write(file, bytes());
  }

  private byte[] names() {
    ByteBuffer names = ByteBuffer.allocate(1 << 16);
    names.put((byte) 0).put(STRING_TABLE.getBytes(StandardCharsets.UTF_8)).put((byte) 0);
    parts.forEach(part -> names.put(part.name).put((byte) 0));
    return Arrays.copyOf(names.array(), names.position());
  }

  private void header(ByteBuffer out) {
    int end = order == ByteOrder.LITTLE_ENDIAN ? 1 : 2;
    out.put(new byte[] {0x7f, 'E', 'L', 'F', (byte) elfClass.code(), (byte) end, 1}).position(16);
    out.putShort((short) 4).putShort((short) 0).putInt(1);
    word(out, 0x1000_0040);
    word(out, hasSections ? 0 : elfClass.headerSize());
    word(out, hasSections ? elfClass.headerSize() : 0);
    out.putInt(0).putShort((short) elfClass.headerSize());
    out.putShort((short) (hasSections ? 0 : elfClass.programHeaderSize()));
    out.putShort((short) (hasSections ? 0 : parts.size()));
    out.putShort((short) (hasSections ? elfClass.sectionHeaderSize() : 0));
    out.putShort((short) (hasSections ? shnum < 0 ? parts.size() + 2 : shnum : 0));
    out.putShort((short) (hasSections ? shstrndx : 0));
  }

  private void programHeaders(ByteBuffer out, int data) {
    long at = data;
    for (Part part : parts) {
      out.putInt(1);
      if (is64()) {
        out.putInt(7);
      }
      word(out, at);
      word(out, part.address);
      word(out, part.address);
      word(out, part.bytes.length);
      word(out, part.bytes.length);
      if (!is64()) {
        out.putInt(7);
      }
      word(out, 0);
      at += part.bytes.length;
    }
  }

  private void sections(ByteBuffer out, byte[] names, int data) {
    section(out, 0, 0, 0, 0, 0);
    section(out, 1, 3, 0, data - names.length, names.length);
    int name = STRING_TABLE.length() + 2;
    long at = data;
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      section(out, name, 1, part.address, words.getOrDefault(i, at), part.bytes.length);
      name += part.name.length + 1;
      at += part.bytes.length;
    }
  }

  private void section(ByteBuffer out, int name, int type, long address, long offset, long size) {
    out.putInt(name).putInt(type);
    word(out, type == 1 ? 1 : 0);
    word(out, address);
    word(out, offset);
    word(out, size);
    out.putInt(0).putInt(0);
    word(out, 0);
    word(out, 0);
  }
}
