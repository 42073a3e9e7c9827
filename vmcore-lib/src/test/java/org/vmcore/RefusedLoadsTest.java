package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.DumpBuilder.pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.memory.Finding;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Reading;

/** PT_LOADs that make no sense are refused by name, the others read. */
class RefusedLoadsTest extends OpenedDump {
  @Test
  void aPhysicalRangeThatWrapsIsRefusedByName() throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf64().load(-0x800L, 0x1000).load(0x2000, 0x1000))) {
      assertThat(findings(vmcore, Finding.Severity.ERROR))
          .containsExactly(
              "program header 0 (LOAD): p_paddr 0xfffffffffffff800 + p_memsz 0x1000 wraps past"
                  + " 2^64");
      assertThat(vmcore.isDamaged()).isTrue();
      assertThat(Reading.bytes(vmcore.physical(), 0x2000, 0x1000))
          .isEqualTo(pattern(0x2000, 0x1000));
    }
  }

  @Test
  void aLoadMayEndWithTheAddressSpace() throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf64().load(-0x1000L, 0x1000))) {
      assertThat(vmcore.isDamaged()).isFalse();
      assertThat(Reading.bytes(vmcore.physical(), -0x1000, 0x1000))
          .isEqualTo(pattern(-0x1000, 0x1000));
      assertThat(Reading.bytes(vmcore.physical(), -1, 2)).isEqualTo(pattern(-1, 1));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 0x10000, -0x10000})
  void aNonsenseSizeIsRefusedByName(long memsz) throws Exception {
    try (Vmcore vmcore =
        open(DumpBuilder.elf64().load(0x2000, 0x1000).load(0, 0x1000).memsz(memsz))) {
      assertThat(findings(vmcore, Finding.Severity.ERROR))
          .singleElement()
          .asString()
          .startsWith("program header 1 (LOAD): p_")
          .contains("0x" + Long.toHexString(memsz));
      assertThat(vmcore.segments()).hasSize(1);
      assertThat(Reading.bytes(vmcore, 0x1000, 0x1000)).isEqualTo(pattern(0x2000, 0x1000));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, -0x1000})
  void aNonsensePlaceInTheFileIsRefusedByName(long offset) throws Exception {
    DumpBuilder dump =
        DumpBuilder.elf64().load(0, 0x1000).field("p_offset", offset).load(0x2000, 0x1000);
    try (Vmcore vmcore = open(dump)) {
      assertThat(findings(vmcore, Finding.Severity.ERROR))
          .singleElement()
          .asString()
          .startsWith("program header 0 (LOAD): p_offset 0x" + Long.toHexString(offset));
      assertThat(Reading.bytes(vmcore, 0x1000, 0x1000)).isEqualTo(pattern(0x2000, 0x1000));
    }
  }

  @Test
  void manySegmentsThatTogetherAreTooLargeAreRefusedOneByOne() throws Exception {
    DumpBuilder dump = DumpBuilder.elf64();
    for (int i = 0; i < 4; i++) {
      dump.excluded(0, 1L << 61);
    }
    try (Vmcore vmcore = open(dump.load(0x2000, 0x1000))) {
      assertThat(findings(vmcore, Finding.Severity.ERROR))
          .singleElement()
          .asString()
          .startsWith("program header 3 ");
      assertThat(Reading.bytes(vmcore.physical(), 0x2000, 0x1000))
          .isEqualTo(pattern(0x2000, 0x1000));
    }
  }
}
