package org.vmcore.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** One program header of a {@link DumpBuilder} and its bytes in the file. */
final class Segment {
  /** A note before it has its place. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Note(ElfStruct header, byte[] name, byte[] desc) {
    int size() {
      return header.size() + align4(name.length) + align4(desc.length);
    }
  }

  final int type;
  final long paddr;
  final List<Note> notes = new ArrayList<>();

  /** Program header fields that the test has set. */
  final Map<String, Long> fields = new LinkedHashMap<>();

  /** Where the bytes are put; p_offset, unless that is set otherwise. */
  OptionalLong at = OptionalLong.empty();

  private final byte[] bytes;
  private final long size;

  private Segment(int type, long paddr, byte[] bytes, long size) {
    this.type = type;
    this.paddr = paddr;
    this.bytes = bytes;
    this.size = size;
  }

  static Segment load(long paddr, byte[] bytes) {
    return new Segment(1, paddr, bytes, bytes.length);
  }

  /** {@code size} bytes that are a hole in the file. */
  static Segment sparse(long paddr, long size) {
    return new Segment(1, paddr, new byte[0], size);
  }

  static Segment other(int type, byte[] bytes) {
    return new Segment(type, 0, bytes, bytes.length);
  }

  /** A PT_NOTE of at least {@code size} bytes. */
  static Segment noteArea(long size) {
    return new Segment(4, 0, new byte[0], size);
  }

  boolean isNote() {
    return type == 4;
  }

  boolean isLoad() {
    return type == 1;
  }

  /** The bytes it takes up in the file. */
  long size() {
    return Math.max(size, notes.stream().mapToLong(Note::size).sum());
  }

  /** What is written; behind it, up to {@link #size}, the file is left alone. */
  byte[] bytes(ByteOrder order) {
    if (notes.isEmpty()) {
      return bytes;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Note note : notes) {
      out.writeBytes(note.header().bytes(order));
      out.writeBytes(note.name());
      out.writeBytes(new byte[align4(note.name().length) - note.name().length]);
      out.writeBytes(note.desc());
      out.writeBytes(new byte[align4(note.desc().length) - note.desc().length]);
    }
    return out.toByteArray();
  }

  static int align4(int n) {
    return n + 3 & ~3;
  }
}
