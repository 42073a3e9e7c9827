package org.vmcore.cli.fuzz;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.DumpBuilder.Field;
import org.vmcore.testing.Flattened;
import org.vmcore.testing.KdumpBuilder;

/**
 * A good file, and what is known of its structure.
 *
 * @param name the file's
 * @param bytes what is bent
 * @param fields where its headers' numbers stand
 * @param order of these numbers
 * @param packing what is done with bent bytes: packed in gzip, say, whose checksum is right then
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record SeedFile(
    String name, byte[] bytes, List<Field> fields, ByteOrder order, UnaryOperator<byte[]> packing) {
  /** A file without a structure of its own: RAM, text. */
  public static SeedFile of(String name, byte[] bytes) {
    return new SeedFile(name, bytes, List.of(), ByteOrder.LITTLE_ENDIAN, UnaryOperator.identity());
  }

  /** An ELF dump. */
  public static SeedFile of(String name, DumpBuilder dump) {
    byte[] bytes = dump.build();
    ByteOrder order = bytes[5] == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    return of(name, bytes).with(dump.fields(), order);
  }

  /** A kdump-compressed dump. */
  public static SeedFile of(String name, KdumpBuilder dump, ByteOrder order) {
    return of(name, dump.build()).with(dump.fields(), order);
  }

  /** A flattened file. */
  public static SeedFile flattened(String name, byte[] content, int record) {
    byte[] bytes = Flattened.of(content, record);
    List<Field> fields = new ArrayList<>();
    fields.add(new Field("type", 16, Long.BYTES));
    fields.add(new Field("version", 24, Long.BYTES));
    int step = Flattened.RECORD_HEADER_SIZE + record;
    for (int at = Flattened.HEADER_SIZE; at + 16 <= bytes.length; at += step) {
      fields.add(new Field("record.offset", at, Long.BYTES));
      fields.add(new Field("record.size", at + 8L, Long.BYTES));
    }
    return of(name, bytes).with(fields, ByteOrder.BIG_ENDIAN);
  }

  /** This file as it is, in its envelope. */
  byte[] packed() {
    return packing.apply(bytes.clone());
  }

  /** This file with numbers that are known. */
  public SeedFile with(List<Field> known, ByteOrder theirs) {
    return new SeedFile(name, bytes, List.copyOf(known), theirs, packing);
  }

  /** This file with numbers of these sizes in bytes, one behind the other from {@code at} on. */
  public SeedFile withNumbers(long at, int... sizes) {
    List<Field> all = new ArrayList<>(fields);
    long next = at;
    for (int size : sizes) {
      all.add(new Field("number", next, size));
      next += size;
    }
    return with(all, order);
  }

  /** This file in an envelope. */
  public SeedFile packed(UnaryOperator<byte[]> how) {
    return new SeedFile(name, bytes, fields, order, how);
  }
}
