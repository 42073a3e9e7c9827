package org.vmcore.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.memory.VmcoreException;

class ElfcorehdrAddressTest {
  @ParameterizedTest
  @CsvSource({
    "0x1000000, 1000000, ''",
    "elfcorehdr=0X1000000, 1000000, ''",
    "179572K, af5d000, ''",
    "179572k, af5d000, ''",
    "010, 8, ''",
    "0, 0, ''",
    "3G, c0000000, ''",
    "0x1eK, 7800, ''",
    "0x1e, 1e, ''",
    "15E, f000000000000000, ''",
    "0xffffffffffffffff, ffffffffffffffff, ''",
    "4K@0x537ff000, 537ff000, 1000",
    "elfcorehdr=0x400@1368060K, 537ff000, 400",
  })
  void spelledAsMemparseReadsIt(String text, String address, String size) throws Exception {
    ElfcorehdrAddress parsed = ElfcorehdrAddress.parse(text);
    assertThat(parsed.address()).isEqualTo(Long.parseUnsignedLong(address, 16));
    assertThat(parsed.size())
        .isEqualTo(
            size.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.decode("#" + size)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "elfcorehdr=",
        "K",
        "0x",
        "0xg",
        "08",
        "-1",
        "+1",
        "4K@",
        "@4K",
        "1@2@3",
        "12Q",
        "1KK",
        "0x10000000000000000",
        "16E",
        "1 2",
        "0x-1",
        "18446744073709551616",
      })
  void anythingElseIsRefusedByName(String text) {
    assertThatThrownBy(() -> ElfcorehdrAddress.parse(text))
        .isInstanceOf(VmcoreException.class)
        .hasMessageStartingWith("elfcorehdr=");
  }

  @Test
  void parameterIsWhatTheKernelParses() throws Exception {
    assertThat(new ElfcorehdrAddress(0x1000000, OptionalLong.empty()).parameter())
        .isEqualTo("elfcorehdr=0x1000000");
    ElfcorehdrAddress sized = new ElfcorehdrAddress(0x537ff000, OptionalLong.of(0x400));
    assertThat(sized.parameter()).isEqualTo("elfcorehdr=0x400@0x537ff000");
    assertThat(ElfcorehdrAddress.parse(sized.parameter())).isEqualTo(sized);
  }

  @Test
  void theLastOneInACommandLineCounts() throws Exception {
    String line =
        "console=ttyS0 elfcorehdr=1K  acpi_rsdp=0xf59d0 elfcorehdr=195956K -- elfcorehdr=2";
    assertThat(ElfcorehdrAddress.inCommandLine(line).orElseThrow().address()).isEqualTo(0xbf5d000);
    assertThat(ElfcorehdrAddress.inCommandLine("console=ttyS0\n")).isEmpty();
  }
}
