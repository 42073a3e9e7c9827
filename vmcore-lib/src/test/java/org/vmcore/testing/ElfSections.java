package org.vmcore.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The sections and symbols of a 64-bit little-endian ELF file, read by itself. */
public final class ElfSections {
  private static final int NOBITS = 8;
  private static final int COMPRESSED = 0x800;

  /** A section header, and its bytes, unpacked where they are compressed; SHT_NOBITS has none. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Section(
      int index, int type, long flags, long address, long size, int info, byte[] bytes) {}

  /** An Elf64_Sym. */
  public record Symbol(int binding, int type, int section, long value, long size) {}

  private final ByteBuffer file;
  private final Map<String, Section> sections = new LinkedHashMap<>();
  private final Map<String, Symbol> symbols = new LinkedHashMap<>();
  private final Map<String, List<Symbol>> all = new LinkedHashMap<>();

  private ElfSections(byte[] bytes) {
    file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int names = header(file.getShort(62));
    for (int i = 1; i < file.getShort(60); i++) {
      int at = header(i);
      sections.put(text(offset(names) + file.getInt(at)), section(i, at));
    }
    readSymbols();
  }

  /** Reads {@code path}. */
  public static ElfSections of(Path path) throws IOException {
    return new ElfSections(Files.readAllBytes(path));
  }

  private int header(int index) {
    return Math.toIntExact(file.getLong(40)) + 64 * index;
  }

  private int offset(int header) {
    return Math.toIntExact(file.getLong(header + 24));
  }

  private Section section(int index, int at) {
    int size = Math.toIntExact(file.getLong(at + 32));
    int type = file.getInt(at + 4);
    int from = offset(at);
    long flags = file.getLong(at + 8);
    byte[] bytes =
        type == NOBITS ? new byte[0] : Arrays.copyOfRange(file.array(), from, from + size);
    return new Section(
        index,
        type,
        flags,
        file.getLong(at + 16),
        size,
        file.getInt(at + 44),
        (flags & COMPRESSED) == 0 ? bytes : unpacked(ByteBuffer.wrap(bytes)));
  }

  /** What follows an Elf64_Chdr of zlib. */
  private static byte[] unpacked(ByteBuffer packed) {
    byte[] bytes = new byte[Math.toIntExact(packed.order(ByteOrder.LITTLE_ENDIAN).getLong(8))];
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(packed.position(24));
      inflater.inflate(bytes);
    } catch (DataFormatException e) {
      throw new IllegalArgumentException(e);
    }
    return bytes;
  }

  private String text(int at) {
    int end = at;
    while (file.get(end) != 0) {
      end++;
    }
    return new String(file.array(), at, end - at, StandardCharsets.UTF_8);
  }

  private void readSymbols() {
    Section table = sections.get(".symtab");
    int names = offset(header(sections.get(".strtab").index()));
    ByteBuffer rows = ByteBuffer.wrap(table.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < rows.limit(); at += 24) {
      int info = rows.get(at + 4);
      Symbol symbol =
          new Symbol(
              info >> 4,
              info & 15,
              rows.getShort(at + 6),
              rows.getLong(at + 8),
              rows.getLong(at + 16));
      String name = text(names + rows.getInt(at));
      symbols.put(name, symbol);
      all.computeIfAbsent(name, _ -> new ArrayList<>()).add(symbol);
    }
  }

  /** The sections by name, in the file's order. */
  public Map<String, Section> sections() {
    return sections;
  }

  /** The section of this name. */
  public Section section(String name) {
    Section section = sections.get(name);
    if (section == null) {
      throw new IllegalArgumentException("no section " + name + " among " + sections.keySet());
    }
    return section;
  }

  /** The symbols by name; of several of a name the last one. */
  public Map<String, Symbol> symbols() {
    return symbols;
  }

  /** All symbols of this name, in the file's order. */
  public List<Symbol> symbols(String name) {
    return all.getOrDefault(name, List.of());
  }

  /** p_vaddr of each program header of this type, in the file's order. */
  public long[] segments(int type) {
    int count = file.getShort(56);
    return IntStream.range(0, count)
        .map(i -> 64 + 56 * i)
        .filter(at -> file.getInt(at) == type)
        .mapToLong(at -> file.getLong(at + 16))
        .toArray();
  }
}
