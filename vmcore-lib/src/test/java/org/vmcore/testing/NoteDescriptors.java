package org.vmcore.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.vmcore.arch.Machine;
import org.vmcore.elf.ElfClass;

/** What stands in the notes of a dump; registers that aren't given are 0. */
final class NoteDescriptors {
  private NoteDescriptors() {}

  /** struct elf_prstatus. */
  static byte[] prstatus(
      ElfClass elfClass, ByteOrder order, int machine, int pid, int signal, long... registers) {
    boolean wide = elfClass == ElfClass.ELF64;
    int count = machine == Machine.ARM64 ? 34 : wide ? 27 : 17;
    int start = wide ? 112 : 72;
    ByteBuffer desc = ByteBuffer.allocate(start + (count + 1) * (elfClass.bits() / 8)).order(order);
    desc.putShort(12, (short) signal).putInt(wide ? 32 : 24, pid).position(start);
    for (long register : registers) {
      if (wide) {
        desc.putLong(register);
      } else {
        desc.putInt((int) register);
      }
    }
    return desc.array();
  }

  /** struct vmcoredd_header behind the note's name, and the device's data. */
  static byte[] vmcoredd(String name, byte[] data) {
    byte[] desc = Arrays.copyOf(name.getBytes(StandardCharsets.ISO_8859_1), 44 + data.length);
    System.arraycopy(data, 0, desc, 44, data.length);
    return desc;
  }

  /** QEMUCPUState: rax, rbx, …, rip, rflags. */
  static byte[] qemuCpuState(ByteOrder order, long... registers) {
    ByteBuffer desc = ByteBuffer.allocate(440).order(order).putInt(1).putInt(440);
    for (long register : registers) {
      desc.putLong(register);
    }
    return desc.array();
  }
}
