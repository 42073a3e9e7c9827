package org.vmcore.elf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmcore.Vmcore;
import org.vmcore.arch.Machine;
import org.vmcore.testing.DumpBuilder;

class RegisterSetsTest {
  @TempDir Path folder;

  private List<Register> registers(String name, int type, byte[] desc) throws IOException {
    DumpBuilder dump =
        DumpBuilder.of(ElfClass.ELF64, ByteOrder.BIG_ENDIAN)
            .machine(Machine.S390)
            .note(name, type, desc)
            .load(0, 0x1000);
    try (Vmcore vmcore = Vmcore.open(dump.writeTo(folder.resolve("vmcore")))) {
      return vmcore.notes().iterator().next().registers();
    }
  }

  /** The bytes 1, 2, 3 and so on. */
  private static byte[] counting(int size) {
    ByteBuffer bytes = ByteBuffer.allocate(size);
    for (int i = 0; i < size; i++) {
      bytes.put((byte) (i + 1));
    }
    return bytes.array();
  }

  @ParameterizedTest
  @CsvSource({
    "0x300, 64, 16, gpr1_high, 0x5060708",
    "0x301, 8, 1, timer, 0x102030405060708",
    "0x302, 8, 1, todcmp, 0x102030405060708",
    "0x303, 4, 1, todpreg, 0x1020304",
    "0x304, 128, 16, cr1, 0x90a0b0c0d0e0f10",
    "0x305, 4, 1, prefix, 0x1020304",
    "0x306, 8, 1, last_break, 0x102030405060708",
    "0x307, 4, 1, system_call, 0x1020304",
    "0x309, 128, 16, v0_low, 0x102030405060708",
    "0x30a, 256, 32, v16_low, 0x90a0b0c0d0e0f10",
    "0x30b, 32, 4, gssm, 0x1112131415161718",
    "0x30c, 32, 4, gsd, 0x90a0b0c0d0e0f10"
  })
  void sets(String type, int size, int count, String name, String value) throws IOException {
    assertThat(registers("LINUX", Integer.decode(type), counting(size)))
        .hasSize(count)
        .contains(new Register(name, Long.decode(value)));
  }

  @Test
  void othersAndThoseThatAreTooShortHaveNone() throws IOException {
    assertThat(registers("LINUX", 0x304, counting(127))).isEmpty();
    assertThat(registers("LINUX", 0x308, counting(256))).isEmpty();
    assertThat(registers("CORE", 0x304, counting(128))).isEmpty();
  }
}
