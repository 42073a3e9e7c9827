package org.vmcore.gdb.core;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.bytes.ElfWriter;
import org.vmcore.elf.bytes.NoteHeader;

/**
 * The notes of a core file: the registers of each thread. There is no NT_PRPSINFO: gdb warns when
 * the program's name in it isn't that of its symbol file.
 */
final class CoreNotes {
  private static final int NT_PRSTATUS = 1;
  private static final byte[] NAME = "CORE\0".getBytes(StandardCharsets.US_ASCII);

  private final ByteOrder order;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  CoreNotes(ByteOrder order) {
    this.order = order;
  }

  ByteOrder order() {
    return order;
  }

  /** The registers of a thread. */
  void prStatus(byte[] descriptor) {
    note(NT_PRSTATUS, descriptor);
  }

  private void note(int type, byte[] descriptor) {
    NoteHeader header = new NoteHeader(NAME.length, descriptor.length, type);
    byte[] bytes = new byte[(int) header.size()];
    ElfWriter note = writer(bytes);
    note.u32(NAME.length).u32(descriptor.length).u32(type).bytes(NAME);
    note.skip(header.descOffset() - note.position()).bytes(descriptor);
    out.writeBytes(bytes);
  }

  private ElfWriter writer(byte[] bytes) {
    return new ElfWriter(MemorySegment.ofArray(bytes), ElfClass.ELF64, order);
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
