package org.vmcore.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;

class CrashNotesTest {
  @Test
  void areInTheOrderOfTheCpus() throws Exception {
    assertThat(CrashNotes.parse("notes", "cpu10 e939400 368\r\n\ncpu2 0xE839400 368 \n"))
        .containsExactly(
            AddressRange.ofSize(0xe839400, 0x170), AddressRange.ofSize(0xe939400, 0x170));
    assertThat(CrashNotes.parse("notes", "")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "cpu1 e939400, not of the form cpuN ADDRESS SIZE",
    "cpu e939400 368, not of the form",
    "cpu1 xyz 368, not of the form",
    "cpu1 11111111111111111 368, not of the form",
    "cpu1 e939400 0, no memory of 0 bytes is at 0xe939400",
    "cpu1 fffffffffffffff0 368, no memory of 368 bytes is at",
    "cpu0 e939400 368, cpu0 is listed twice",
  })
  void malformedLinesAreRefused(String line, String reason) {
    assertThatThrownBy(() -> CrashNotes.parse("notes", "cpu0 e839400 368\n" + line + "\n"))
        .isInstanceOf(VmcoreException.class)
        .hasMessageStartingWith("notes: offset 0x11: line 2: " + reason);
  }
}
