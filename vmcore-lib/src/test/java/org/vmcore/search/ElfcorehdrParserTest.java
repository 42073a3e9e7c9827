package org.vmcore.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.elf.ElfClass;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.CountingMemory;
import org.vmcore.testing.DumpBuilder;

class ElfcorehdrParserTest {
  private static final int AT = 0x3000;

  /** Memory that has {@code headers} at {@link #AT}. */
  private static CountingMemory memory(byte[] headers) {
    byte[] ram = new byte[AT + headers.length];
    System.arraycopy(headers, 0, ram, AT, headers.length);
    return CountingMemory.of(ram);
  }

  private static DumpBuilder two() {
    return DumpBuilder.elf64().prstatus(1, 11).load(0x5000, 0x1000).vaddr(-0x1000);
  }

  private static CrashHeaders parse(byte[] headers) throws VmcoreException {
    return ElfcorehdrParser.parse(memory(headers), "ram", AT);
  }

  @Test
  void programHeadersStandRightBehindWhateverPhoffSays() throws Exception {
    CrashHeaders expected = two().crashHeaders();
    assertThat(parse(two().build())).isEqualTo(expected);
    CrashHeaders other = parse(two().set("e_phoff", 4096).build());
    assertThat(other.programHeaders()).isEqualTo(expected.programHeaders());
  }

  @ParameterizedTest
  @ValueSource(strings = {"LITTLE_ENDIAN", "BIG_ENDIAN"})
  void bothClassesAndByteOrders(String name) throws Exception {
    ByteOrder order = name.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    for (ElfClass elfClass : ElfClass.values()) {
      DumpBuilder dump = DumpBuilder.of(elfClass, order).load(0x5000, 0x1000);
      CrashHeaders headers = parse(dump.build());
      assertThat(headers.header().elfClass()).isEqualTo(elfClass);
      assertThat(headers.programHeaders().getFirst().paddr()).isEqualTo(0x5000);
    }
  }

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource({
    "EI_CLASS, 3, 3004, 'EI_CLASS is 3, not 1 (32-bit) or 2 (64-bit)'",
    "EI_DATA, 0, 3005, 'EI_DATA is 0, not 1 (little-endian) or 2 (big-endian)'",
    "EI_VERSION, 0, 3006, 'EI_VERSION is 0, not 1'",
    "e_type, 2, 3010, 'e_type is 2, not 4'",
    "e_version, 2, 3014, 'e_version is 2, not 1'",
    "e_ehsize, 8, 3034, 'e_ehsize is 8, not 64'",
    "e_phentsize, 57, 3036, 'e_phentsize is 57, not 56'",
    "e_phnum, 0, 3038, 'e_phnum is 0: no program headers'",
  })
  void whatTheKernelRefusesIsRefusedByAddressAndField(
      String field, int value, String address, String reason) {
    assertThatThrownBy(() -> parse(two().set(field, value).build()))
        .isInstanceOf(VmcoreException.class)
        .hasMessage("ram: offset 0x" + address + ": elfcorehdr at 0x3000: " + reason);
  }

  @Test
  void noElfHeader() {
    assertThatThrownBy(() -> parse(new byte[4096]))
        .hasMessage("ram: offset 0x3000: elfcorehdr at 0x3000: e_ident: no ELF header is there");
  }

  @Test
  void memoryThatEndsIsToldWithAddressAndField() {
    byte[] headers = two().build();
    assertThatThrownBy(() -> parse(Arrays.copyOf(headers, 50)))
        .hasMessage(
            "ram: offset 0x3032: elfcorehdr at 0x3000: ELF header: no RAM is there to be read");
    assertThatThrownBy(() -> parse(Arrays.copyOf(headers, 100)))
        .hasMessageContaining("0x3064: elfcorehdr at 0x3000: program header 0 of 2: no RAM");
    assertThatThrownBy(
            () ->
                ElfcorehdrParser.parse(
                    memory(headers).state(PageState.LOST, AT, 0x1000), "ram", AT))
        .hasMessageContaining("no RAM is there to be read");
    for (long address : new long[] {-1, -64, Long.MIN_VALUE, 1L << 52}) {
      assertThatThrownBy(() -> ElfcorehdrParser.parse(memory(headers), "ram", address))
          .isInstanceOf(VmcoreException.class);
    }
  }

  @Test
  void thePhnumIsNeverMoreThanSixteenBits() throws Exception {
    byte[] headers = two().set("e_phnum", 0xffff).build();
    assertThatThrownBy(() -> parse(headers)).hasMessageContaining("of 65535: no RAM is there");
    byte[] room = Arrays.copyOf(headers, 64 + 0xffff * 56);
    assertThat(parse(room).programHeaders()).hasSize(0xffff);
  }
}
