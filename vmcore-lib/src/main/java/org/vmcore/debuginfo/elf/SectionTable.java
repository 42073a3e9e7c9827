package org.vmcore.debuginfo.elf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.vmcore.elf.bytes.ElfWriter;

/** The section headers of a file and their names, as they are laid out one after the other. */
final class SectionTable {
  static final String NAMES = ".shstrtab";

  private final List<SectionHeader> headers = new ArrayList<>(List.of(SectionHeader.NULL));
  private final ByteArrayOutputStream names = new ByteArrayOutputStream();

  SectionTable() {
    names.write(0);
  }

  /** How many there are, the empty first one included. */
  int count() {
    return headers.size();
  }

  /** Puts {@code name} into the names, and gives where it begins. */
  int name(String name) {
    int at = names.size();
    names.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    names.write(0);
    return at;
  }

  void add(SectionHeader header) {
    headers.add(header);
  }

  /** The names as they are now. */
  byte[] names() {
    return names.toByteArray();
  }

  void writeTo(ElfWriter out) {
    headers.forEach(header -> header.writeTo(out));
  }
}
