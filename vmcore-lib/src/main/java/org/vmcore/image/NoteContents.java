package org.vmcore.image;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;
import org.vmcore.arch.Architectures;
import org.vmcore.arch.Machine;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.Note;
import org.vmcore.elf.PrStatus;
import org.vmcore.elf.QemuCpuState;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.Vmcoredd;
import org.vmcore.elf.bytes.NoteReader;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;

/** Reads and decodes what notes hold, through the edge of the dump that they are of. */
final class NoteContents {
  private final String file;
  private final ElfHeader header;
  private final Memory image;
  private final Supplier<Machine> machine;

  /**
   * The notes' contents.
   *
   * @param file named in errors
   * @param header tells the byte order
   * @param image by whose offsets notes lie
   * @param machine the kernel's, once it is known
   */
  NoteContents(String file, ElfHeader header, Memory image, Supplier<Machine> machine) {
    this.file = file;
    this.header = header;
    this.image = image;
    this.machine = machine;
  }

  byte[] descriptor(Note note, int most) throws VmcoreException {
    byte[] desc = new byte[(int) Math.min(note.descsz(), most)];
    long got = image.read(note.descOffset(), MemorySegment.ofArray(desc));
    return got == desc.length ? desc : Arrays.copyOf(desc, (int) got);
  }

  private MemorySegment bytes(Note note, int most) throws VmcoreException {
    return MemorySegment.ofArray(descriptor(note, most));
  }

  PrStatus prStatus(Note note) throws VmcoreException {
    return NoteReader.prStatus(
        file,
        note.descOffset(),
        bytes(note, NoteReader.MAX_SIZE),
        header.order(),
        Architectures.prStatus(machine(note)));
  }

  /**
   * The kernel's, unless the note has the size of that which the header names: an emulator of a CPU
   * of 64 bits writes such notes of a kernel of 32 bits, too.
   */
  private Machine machine(Note note) {
    Machine said = Machine.of(header);
    boolean isAsSaid = said.prStatusSize() == note.descsz();
    return isAsSaid && machine.get().prStatusSize() != note.descsz() ? said : machine.get();
  }

  QemuCpuState qemuCpuState(Note note) throws VmcoreException {
    MemorySegment desc = bytes(note, NoteReader.MAX_SIZE);
    return NoteReader.qemuCpuState(file, note.descOffset(), desc, header.order());
  }

  Vmcoredd vmcoredd(Note note) throws VmcoreException {
    MemorySegment start = bytes(note, Vmcoredd.NAME_SIZE);
    return NoteReader.vmcoredd(file, note.descOffset(), start, note.descsz());
  }

  VmcoreInfo vmcoreInfo(Note note) throws VmcoreException {
    byte[] text = descriptor(note, VmcoreInfo.MAX_SIZE);
    return VmcoreInfo.parse(new String(text, StandardCharsets.ISO_8859_1));
  }
}
