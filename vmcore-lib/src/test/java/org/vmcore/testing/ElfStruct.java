package org.vmcore.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vmcore.elf.ElfClass;

/** An ELF structure as a table of named fields, so that a test can set any of them. */
final class ElfStruct {
  /** A size of W is a word: 4 bytes in ELF32, 8 in ELF64. */
  private static final String EHDR =
      "EI_MAG:4 EI_CLASS:1 EI_DATA:1 EI_VERSION:1 EI_OSABI:1 EI_ABIVERSION:1 EI_PAD:1 EI_PAD1:2"
          + " EI_PAD3:4 e_type:2 e_machine:2 e_version:4 e_entry:W e_phoff:W e_shoff:W e_flags:4"
          + " e_ehsize:2 e_phentsize:2 e_phnum:2 e_shentsize:2 e_shnum:2 e_shstrndx:2";

  private static final String PHDR64 =
      "p_type:4 p_flags:4 p_offset:8 p_vaddr:8 p_paddr:8 p_filesz:8 p_memsz:8 p_align:8";
  private static final String PHDR32 =
      "p_type:4 p_offset:4 p_vaddr:4 p_paddr:4 p_filesz:4 p_memsz:4 p_flags:4 p_align:4";
  private static final String SHDR =
      "sh_name:4 sh_type:4 sh_flags:W sh_addr:W sh_offset:W sh_size:W sh_link:4 sh_info:4"
          + " sh_addralign:W sh_entsize:W";
  private static final String NHDR = "n_namesz:4 n_descsz:4 n_type:4";

  /** A field: its place in the structure and its size in bytes. */
  record Field(String name, int offset, int size) {}

  private final List<Field> fields;
  private final Map<String, Long> values = new LinkedHashMap<>();

  private ElfStruct(String layout, ElfClass elfClass) {
    fields = new ArrayList<>();
    int offset = 0;
    for (String field : layout.split(" ", -1)) {
      int colon = field.indexOf(':');
      char code = field.charAt(colon + 1);
      int size = code == 'W' ? elfClass.bits() / 8 : code - '0';
      fields.add(new Field(field.substring(0, colon), offset, size));
      offset += size;
    }
  }

  static ElfStruct header(ElfClass elfClass) {
    return new ElfStruct(EHDR, elfClass);
  }

  static ElfStruct programHeader(ElfClass elfClass) {
    return new ElfStruct(elfClass == ElfClass.ELF64 ? PHDR64 : PHDR32, elfClass);
  }

  static ElfStruct section(ElfClass elfClass) {
    return new ElfStruct(SHDR, elfClass);
  }

  static ElfStruct note() {
    return new ElfStruct(NHDR, ElfClass.ELF64);
  }

  List<Field> fields() {
    return fields;
  }

  boolean has(String field) {
    return fields.stream().anyMatch(each -> each.name().equals(field));
  }

  ElfStruct set(String field, long value) {
    if (!has(field)) {
      throw new IllegalArgumentException("no field " + field);
    }
    values.put(field, value);
    return this;
  }

  long get(String field) {
    return values.getOrDefault(field, 0L);
  }

  int size() {
    Field last = fields.getLast();
    return last.offset() + last.size();
  }

  byte[] bytes(ByteOrder order) {
    ByteBuffer out = ByteBuffer.allocate(size()).order(order);
    for (Field field : fields) {
      long value = get(field.name());
      switch (field.size()) {
        case 1 -> out.put((byte) value);
        case 2 -> out.putShort((short) value);
        case 4 -> out.putInt((int) value);
        default -> out.putLong(value);
      }
    }
    return out.array();
  }
}
