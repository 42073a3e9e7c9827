package org.vmcore.remoteproc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.Reading;

class CoreHeadersTest {
  private static String headers(RemoteprocCoredump.Builder builder) throws VmcoreException {
    RemoteprocCoredump coredump = builder.build();
    return HexFormat.of().formatHex(Reading.bytes(coredump.image(), 0, coredump.headerSize()));
  }

  private static String hex(String... lines) {
    return String.join("", lines).replace(" ", "");
  }

  @Test
  void programHeadersOf32Bits() throws IOException {
    assertThat(
            headers(
                Cores.elf32()
                    .entry(0x10000040)
                    .segment(DumpSegment.of(0x10000000, 0x1001))
                    .segment(DumpSegment.of(0x80001003L, 0))))
        .isEqualTo(
            hex(
                "7f454c46 01 01 01 000000000000000000",
                "0400 a400 01000000 40000010 34000000 00000000 00000000",
                "3400 2000 0200 0000 0000 0000",
                "01000000 74000000 00000010 00000010 01100000 01100000 07000000 00000000",
                "01000000 75100000 03100080 03100080 00000000 00000000 07000000 00000000"));
  }

  @Test
  void programHeadersOf64Bits() throws IOException {
    assertThat(
            headers(
                Cores.elf64().machine(183).segment(DumpSegment.of(0x123456789L, 0x1200000000L))))
        .isEqualTo(
            hex(
                "7f454c46 02 01 01 000000000000000000",
                "0400 b700 01000000 0000000000000000 4000000000000000 0000000000000000 00000000",
                "4000 3800 0100 0000 0000 0000",
                "01000000 07000000 7800000000000000 8967452301000000 8967452301000000",
                "0000000012000000 0000000012000000 0000000000000000"));
  }

  @Test
  void sectionsOf32Bits() throws IOException {
    assertThat(
            headers(
                Cores.elf32()
                    .machine(0)
                    .sections()
                    .segment(DumpSegment.of(0x1000, 0x10).named("é"))
                    .segment(DumpSegment.of(0x2000, 0))))
        .isEqualTo(
            hex(
                "7f454c46 01 01 01 000000000000000000",
                "0400 0000 01000000 00000000 00000000 34000000 00000000",
                "3400 0000 0000 2800 0400 0100",
                "0000000000000000000000000000000000000000000000000000000000000000 0000000000000000",
                "01000000 03000000 00000000 00000000 d4000000 0d000000 00000000 00000000",
                "00000000 00000000",
                "09000000 01000000 01000000 00100000 e1000000 10000000 00000000 00000000",
                "00000000 00000000",
                "0c000000 01000000 01000000 00200000 f1000000 00000000 00000000 00000000",
                "00000000 00000000",
                "00 5354525f54424c 00 c3a9 00 00"));
  }

  @Test
  void sectionsOf64Bits() throws IOException {
    assertThat(
            headers(
                Cores.elf64()
                    .sections()
                    .segment(DumpSegment.of(0x1000, 0x10).named(new byte[] {(byte) 0xff}))))
        .isEqualTo(
            hex(
                "7f454c46 02 01 01 000000000000000000",
                "0400 0000 01000000 0000000000000000 0000000000000000 4000000000000000 00000000",
                "4000 0000 0000 4000 0300 0100",
                "00".repeat(64),
                "01000000 03000000 0000000000000000 0000000000000000 0001000000000000",
                "0b00000000000000 00000000 00000000 0000000000000000 0000000000000000",
                "09000000 01000000 0100000000000000 0010000000000000 0b01000000000000",
                "1000000000000000 00000000 00000000 0000000000000000 0000000000000000",
                "00 5354525f54424c 00 ff 00"));
  }

  @Test
  void aSegmentMayEndWhereTheAddressesOfItsClassEnd() throws IOException {
    Cores.elf32().segment(DumpSegment.of(0xfffff000L, 0x1000)).build();
    Cores.elf32().segment(DumpSegment.of(0, (1L << 32) - 52 - 32)).build();
    Cores.elf64().segment(DumpSegment.of(-0x1000, 0x1000)).build();
  }

  @ParameterizedTest
  @CsvSource({
    "0x100000000, 0, goes beyond",
    "0xfffff000, 0x1001, goes beyond",
    "0x123456789, 17, goes beyond",
    "-0x1000, 0x1000, goes beyond",
    "0, 0x100000000, goes beyond",
    "0, 0xffffffff, goes beyond",
    "0, -1, negative",
    "-0x1000, 0x1001, overflows 64 bits",
  })
  void whatElf32CannotHoldIsRefused(String address, String size, String why) {
    DumpSegment segment = DumpSegment.of(Long.decode(address), Long.decode(size)).named("x");

    assertThatThrownBy(() -> Cores.elf32().segment(segment).build())
        .isInstanceOf(VmcoreException.class)
        .hasMessageStartingWith("remoteproc0: segment \"x\" at device address 0x")
        .hasMessageContaining(why)
        .hasMessageMatching(".*(ELF64 can hold it|negative: -1|overflows 64 bits)");
  }

  @Test
  void aFileOffsetBeyond4GibIsRefused() {
    RemoteprocCoredump.Builder core = Cores.elf32();
    for (int i = 0; i < 5; i++) {
      core.segment(DumpSegment.of(0, 1L << 30));
    }
    assertThatThrownBy(core::build)
        .hasMessage(
            "remoteproc0: segment at device address 0x0, number 3: file offset 0xc00000d4 and size"
                + " 0x40000000 goes beyond the 4 GiB of ELF32; ELF64 can hold it");
  }

  @Test
  void aFileThatOverflows64BitsIsRefused() {
    assertThatThrownBy(
            () ->
                Cores.elf64()
                    .segment(DumpSegment.of(0, Long.MAX_VALUE - 100))
                    .segment(DumpSegment.of(0, Long.MAX_VALUE - 100))
                    .build())
        .hasMessageContaining("overflows 64 bits");
  }

  @Test
  void aWrappedAddressIsRefusedIn64BitsToo() {
    assertThatThrownBy(() -> Cores.elf64().segment(DumpSegment.of(-1, 2)).build())
        .hasMessage(
            "remoteproc0: segment at device address 0xffffffffffffffff, number 0: size 0x2"
                + " overflows 64 bits");
  }

  @Test
  void whatTheHeaderCannotHoldIsRefused() {
    assertThatThrownBy(() -> RemoteprocCoredump.builder("remoteproc0").build())
        .hasMessage("remoteproc0: its ELF class is not set: ELF32 or ELF64 is needed");
    assertThatThrownBy(() -> Cores.elf64().machine(0x10000).build())
        .hasMessage("remoteproc0: e_machine 65536 doesn't fit into 16 bits");
    assertThatThrownBy(() -> Cores.elf32().entry(1L << 32).build())
        .hasMessage(
            "remoteproc0: the entry 0x100000000 is beyond the 4 GiB of ELF32; ELF64 can hold it");
    assertThatThrownBy(() -> Cores.elf32().segment(DumpSegment.of(0, 1).named("a\0b")).build())
        .hasMessageEndingWith("its name has a NUL in it");
  }

  @Test
  void moreSegmentsThanTheHeaderCountsAreRefused() throws IOException {
    RemoteprocCoredump.Builder core = Cores.elf64();
    RemoteprocCoredump.Builder sections = Cores.elf64().sections();
    for (int i = 0; i < 65534; i++) {
      core.segment(DumpSegment.of(i, 1));
      if (i < 65277) {
        sections.segment(DumpSegment.of(i, 1));
      }
    }
    assertThat(headers(core).substring(56 * 2, 58 * 2)).isEqualTo("feff");
    assertThat(headers(sections).substring(60 * 2, 62 * 2)).isEqualTo("fffe");

    core.segment(DumpSegment.of(0, 1));
    sections.segment(DumpSegment.of(0, 1));

    assertThatThrownBy(core::build)
        .hasMessage("remoteproc0: 65535 segments are more than e_phnum can count, 65534");
    assertThatThrownBy(sections::build)
        .hasMessage("remoteproc0: 65278 segments are more than e_shnum can count, 65277");
  }

  @Test
  void overlappingSegmentsAreKeptAndFound() throws IOException {
    RemoteprocCoredump coredump =
        Cores.elf64()
            .segment(DumpSegment.of(0x1000, 0x1000).named("all"))
            .segment(DumpSegment.of(0x3000, 1))
            .segment(DumpSegment.of(0x1010, 0x10).named("a"))
            .segment(DumpSegment.of(0x1fff, 2).named("b"))
            .segment(DumpSegment.of(0x2001, 1))
            .segment(DumpSegment.of(0x1800, 0))
            .build();

    assertThat(coredump.findings())
        .extracting(Finding::message)
        .containsExactly(
            "segment \"a\" at device address 0x1010 overlaps"
                + " segment \"all\" at device address 0x1000",
            "segment \"b\" at device address 0x1fff overlaps"
                + " segment \"all\" at device address 0x1000");
    assertThat(coredump.size()).isEqualTo(64 + 6 * 56 + 0x1000 + 1 + 0x10 + 2 + 1);
  }
}
