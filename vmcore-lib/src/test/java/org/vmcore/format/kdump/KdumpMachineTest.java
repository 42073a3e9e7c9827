package org.vmcore.format.kdump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.Vmcore;
import org.vmcore.codec.Compression;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.Note;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.KdumpBuilder;

/** By what a kdump file's machine and layout are known: not by a name in its header alone. */
class KdumpMachineTest extends SmallKdump {
  private static final int UTSNAME = 12;
  private static final int MACHINE = UTSNAME + 4 * 65;
  private static final String X86 = "NUMBER(phys_base)=16777216";

  private static KdumpBuilder x86(String machine) {
    return KdumpBuilder.le64()
        .machine(machine)
        .vmcoreinfo("OSRELEASE=6.1.0", X86)
        .page(0, Compression.ZLIB);
  }

  @ParameterizedTest
  @ValueSource(strings = {"64", "ch64", "Unknown", "AARCH64", "arm64", "ppc64le", "i686"})
  void aNameThatIsWrong(String name) throws Exception {
    try (Vmcore vmcore = open(x86(name))) {
      assertThat(vmcore.architecture()).isEqualTo("x86_64");
      assertThat(vmcore.header().machine()).isEqualTo(62);
      assertThat(vmcore.findings())
          .contains(
              Finding.warning(
                  "machine",
                  MACHINE,
                  "utsname's machine is '"
                      + name
                      + "'; the kernel is taken for x86_64 of 64 bits"
                      + " (VMCOREINFO's NUMBER(phys_base))"));
    }
  }

  @Test
  void aNameThatIsMissing() throws Exception {
    try (Vmcore vmcore = open(x86(""))) {
      assertThat(vmcore.architecture()).isEqualTo("x86_64");
      assertThat(vmcore.findings())
          .noneMatch(finding -> finding.severity() == Finding.Severity.WARNING);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "x86_64, x86_64",
    "aarch64, arm64",
    "s390x, s390x",
    "ppc64le, ppc64",
    "riscv64, riscv64"
  })
  void namesThatLieFourBytesOff(String name, String label) throws Exception {
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    KdumpBuilder dump = KdumpBuilder.le64().machine("").page(0, Compression.ZLIB);
    try (Vmcore vmcore = open(dump.patch(UTSNAME, (byte) 'x').patch(MACHINE - 4, bytes))) {
      assertThat(vmcore.architecture()).isEqualTo(label);
      assertThat(vmcore.findings())
          .contains(
              Finding.warning(
                  "machine",
                  MACHINE,
                  "utsname's machine is '"
                      + name
                      + "', but the names lie off their place: an old makedumpfile's"));
    }
    dump = KdumpBuilder.le64().machine("").page(0, Compression.ZLIB);
    try (Vmcore vmcore = open(dump.patch(MACHINE + 4, bytes))) {
      assertThat(vmcore.architecture()).isEqualTo(label);
    }
  }

  @Test
  void aCpusNoteTellsTheMachine() throws Exception {
    KdumpBuilder dump =
        KdumpBuilder.of(ElfClass.ELF32, ByteOrder.LITTLE_ENDIAN)
            .note("CORE", 1, new byte[148])
            .page(0, Compression.ZLIB);
    try (Vmcore vmcore = open(dump)) {
      assertThat(vmcore.architecture()).isEqualTo("arm");
      assertThat(vmcore.header().machine()).isEqualTo(40);
    }
  }

  @Test
  void vmcoreinfoIsFoundAmongTheNotes() throws Exception {
    KdumpBuilder dump = x86("Unknown").set("offset_vmcoreinfo", 0).set("size_vmcoreinfo", 0);
    try (Vmcore vmcore = open(dump)) {
      assertThat(vmcore.header().machine()).isEqualTo(62);
    }
  }

  @Test
  void s390HasTwoWordSizes() throws Exception {
    for (ElfClass elfClass : ElfClass.values()) {
      String name = elfClass == ElfClass.ELF64 ? "s390x" : "s390";
      KdumpBuilder dump =
          KdumpBuilder.of(elfClass, ByteOrder.BIG_ENDIAN).machine(name).page(0, Compression.ZLIB);
      try (Vmcore vmcore = open(dump)) {
        assertThat(vmcore.architecture()).isEqualTo(name);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void timesOf64BitsOnMachinesOf32(boolean isBig, boolean isPadded) throws Exception {
    ByteOrder order = isBig ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    KdumpBuilder dump =
        KdumpBuilder.of(ElfClass.ELF32, order)
            .machine(isBig ? "ppc" : "armv7l")
            .time64()
            .note("CORE", 1, new byte[isBig ? 268 : 148])
            .vmcoreinfo("OSRELEASE=5.15.0")
            .page(0x60200, Compression.ZLIB)
            .excluded(0x60201);
    try (Vmcore vmcore = open(isPadded ? dump.padded() : dump)) {
      assertThat(vmcore.header().elfClass()).isEqualTo(ElfClass.ELF32);
      assertThat(vmcore.header().order()).isEqualTo(order);
      assertThat(vmcore.vmcoreInfo().orElseThrow().osRelease()).hasValue("5.15.0");
      assertThat(vmcore.isDamaged()).isFalse();
      assertThat(state(vmcore, 0x60200)).isEqualTo(PageState.PRESENT);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void headersOf64BitsAreStillTold(int version) throws Exception {
    for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
      KdumpBuilder dump =
          KdumpBuilder.of(ElfClass.ELF64, order)
              .version(version)
              .vmcoreinfo("OSRELEASE=6.1.0")
              .page(5, Compression.ZLIB);
      try (Vmcore vmcore = open(dump)) {
        assertThat(vmcore.header().elfClass()).isEqualTo(ElfClass.ELF64);
        assertThat(vmcore.vmcoreInfo().isPresent()).isEqualTo(version >= 3);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ELF32, true, 0x1a0, 32-bit big-endian",
    "ELF32, false, 0x1a0, 32-bit little-endian",
    "ELF64, true, 0x1ac, 64-bit big-endian",
    "ELF64, false, 0x1ac, 64-bit little-endian",
  })
  void aRefusedHeaderIsQuotedInItsOwnOrderAndSize(
      ElfClass elfClass, boolean isBig, String offset, String described) throws Exception {
    ByteOrder order = isBig ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    KdumpBuilder dump = KdumpBuilder.of(elfClass, order).page(7, Compression.ZLIB);
    Path file = dump.set("block_size", 3333).writeTo(dir.resolve("dump"));
    assertThatThrownBy(() -> Vmcore.open(file).close())
        .isInstanceOf(VmcoreException.class)
        .hasMessageContaining(": offset " + offset + ": kdump header: makes no sense")
        .hasMessageContaining(
            "as "
                + described
                + ": header_version 6, block_size 3333, sub_hdr_size 1, bitmap_blocks 2,"
                + " max_mapnr 8");
  }

  @Test
  void whatWasErasedIsANote() throws Exception {
    byte[] text = "erase ext4_sb_info.s_journal\n".getBytes(StandardCharsets.US_ASCII);
    KdumpBuilder dump = x86("x86_64");
    dump.stored(1, text, Compression.RAW);
    try (Vmcore vmcore =
        open(dump.set("offset_eraseinfo", dump.pageOffset(1)).set("size_eraseinfo", text.length))) {
      Note note = vmcore.notes().getLast();
      assertThat(note.name()).isEqualTo("ERASEINFO");
      assertThat(note.typeName()).isEqualTo("ERASEINFO");
      assertThat(note.descriptor(1000)).isEqualTo(text);
      assertThat(vmcore.vmcoreInfo().orElseThrow().osRelease()).hasValue("6.1.0");
      assertThat(vmcore.isDamaged()).isFalse();
    }
  }
}
