package org.vmcore.remoteproc;

import java.lang.foreign.MemorySegment;
import org.vmcore.elf.ElfClass;
import org.vmcore.values.Bytes;

/** Small cores, and bytes to fill them with. */
final class Cores {
  /** The machine of a Qualcomm DSP. */
  static final int EM_HEXAGON = 164;

  private Cores() {}

  /** {@code size} bytes that count up from {@code first}; none is 0xff. */
  static byte[] bytes(int first, int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) ((first + i) % 0xfb);
    }
    return bytes;
  }

  static RemoteprocCoredump.Builder elf32() {
    return RemoteprocCoredump.builder("remoteproc0").elfClass(ElfClass.ELF32).machine(EM_HEXAGON);
  }

  static RemoteprocCoredump.Builder elf64() {
    return RemoteprocCoredump.builder("remoteproc0").elfClass(ElfClass.ELF64);
  }

  /** A carveout at 0x1000, from 0x11 on, and a segment of its whole. */
  static RemoteprocCoredump.Builder oneSegment(int size) {
    return elf32()
        .memory(new Carveouts().add(0x1000, MemorySegment.ofArray(bytes(0x11, size))))
        .segment(DumpSegment.of(0x1000, size));
  }

  /** A callback that gives {@code bytes}. */
  static DumpCallback callback(byte[] bytes) {
    return (_, offset, dst) -> {
      Bytes.copy(MemorySegment.ofArray(bytes), offset, dst, 0, dst.byteSize());
      return dst.byteSize();
    };
  }
}
