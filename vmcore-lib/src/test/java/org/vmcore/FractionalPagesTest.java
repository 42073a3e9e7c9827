package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.testing.DumpBuilder.pattern;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.vmcore.memory.Chunk;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Mapping;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.Padding;
import org.vmcore.testing.CountingMemory;
import org.vmcore.testing.CountingMemory.Read;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Reading;

/** Which bytes of old memory are read for a fractional page, and how often. */
class FractionalPagesTest {
  /** Head [0x2400, 0x3000), whole [0x3000, 0x5000), tail [0x5000, 0x5010). */
  private static final Read HEAD = new Read(0x2400, 0xc00);

  private static final Read TAIL = new Read(0x5000, 0x10);

  /** A load with head and tail, and two that lie in the tail's page. */
  private static DumpBuilder headers() {
    return DumpBuilder.elf64()
        .ramImage()
        .load(0x2400, 0x2c10)
        .load(0x5100, 0x20)
        .load(0x5800, 0x800);
  }

  private static Vmcore open(CountingMemory memory) throws VmcoreException {
    return Vmcore.of("oldmem", headers().crashHeaders(), memory, OpenOptions.DEFAULT);
  }

  private static void readAll(Vmcore vmcore) throws VmcoreException {
    assertThat(Reading.bytes(vmcore, 0, vmcore.size())).hasSize((int) vmcore.size());
  }

  @Test
  void openingReadsNoFractionalPage() throws Exception {
    CountingMemory memory = CountingMemory.pattern(0x10000);
    try (Vmcore _ = open(memory)) {
      assertThat(memory.reads()).isEmpty();
    }
  }

  @Test
  void onlyTheClaimedBytesAreReadAndOnce() throws Exception {
    CountingMemory memory = CountingMemory.pattern(0x10000);
    try (Vmcore vmcore = open(memory)) {
      readAll(vmcore);
      readAll(vmcore);
      assertThat(memory.reads(0x2000, 0x1000)).containsExactly(HEAD);
      assertThat(memory.reads(0x5000, 0x1000))
          .containsExactly(TAIL, new Read(0x5100, 0x20), new Read(0x5800, 0x800));
      assertThat(memory.reads(0x3000, 0x2000)).hasSize(2);
    }
  }

  @Test
  void aReadOfOneByteFillsItsBuffer() throws Exception {
    CountingMemory memory = CountingMemory.pattern(0x10000);
    try (Vmcore vmcore = open(memory)) {
      for (int offset = 0x1400; offset < 0x2000; offset++) {
        assertThat(Reading.bytes(vmcore, offset, 1)).isEqualTo(pattern(offset + 0x1000, 1));
      }
      assertThat(memory.reads()).containsExactly(HEAD);
    }
  }

  @Test
  void theSameUnderEightThreads() throws Exception {
    for (int round = 0; round < 50; round++) {
      CountingMemory memory = CountingMemory.pattern(0x10000);
      try (Vmcore vmcore = open(memory)) {
        Reading.inThreads(
            () -> {
              readAll(vmcore);
              vmcore.physical().read(0x2400, MemorySegment.ofArray(new byte[64]));
              return true;
            });
        assertThat(memory.reads(0x2000, 0x1000)).containsExactly(HEAD);
        assertThat(memory.reads(0x5000, 0x100)).containsExactly(TAIL);
      }
    }
  }

  @Test
  void physicalReadsAndMappingsUseTheBuffer() throws Exception {
    CountingMemory memory = CountingMemory.pattern(0x10000);
    try (Vmcore vmcore = open(memory)) {
      readAll(vmcore);
      memory.forget();
      assertThat(Reading.bytes(vmcore.physical(), 0x2400, 0xc00)).isEqualTo(pattern(0x2400, 0xc00));
      assertThat(Reading.bytes(vmcore.physical(), 0x5000, 0x10)).isEqualTo(pattern(0x5000, 0x10));
      try (Mapping mapping = vmcore.map(0x1000, 0x1000)) {
        assertThat(mapping.bytes().get(ValueLayout.JAVA_BYTE, 0x400))
            .isEqualTo(pattern(0x2400, 1)[0]);
      }
      assertThat(memory.reads()).isEmpty();
      vmcore.verify();
      assertThat(memory.reads(0x2000, 0x1000)).isEmpty();
      assertThat(memory.reads(0x5000, 0x1000)).isEmpty();
    }
  }

  @Test
  void physicalReadsComeToTheBufferFirstToo() throws Exception {
    CountingMemory memory = CountingMemory.pattern(0x10000);
    try (Vmcore vmcore = open(memory)) {
      Reading.bytes(vmcore.physical(), 0x2800, 1);
      Reading.bytes(vmcore.physical(), 0x2400, 0x10);
      readAll(vmcore);
      assertThat(memory.reads(0x2000, 0x1000)).containsExactly(HEAD);
    }
  }

  @Test
  void theReservedNeighbourIsNeverTouched() throws Exception {
    CountingMemory memory = CountingMemory.pattern(0x10000).failing(0x2000, 0x400);
    try (Vmcore vmcore = open(memory)) {
      readAll(vmcore);
      vmcore.map(0, vmcore.size()).close();
    }
  }

  @Test
  void withOldMemoryAsPaddingThereIsNoBuffer() throws Exception {
    CountingMemory memory = CountingMemory.pattern(0x10000);
    OpenOptions mainline = OpenOptions.builder().padding(Padding.OLDMEM).build();
    try (Vmcore vmcore = Vmcore.of("oldmem", headers().crashHeaders(), memory, mainline)) {
      assertThat(vmcore.chunks()).filteredOn(Chunk.Buffer.class::isInstance).hasSize(1);
      assertThat(Reading.bytes(vmcore, 0x1000, 0x1000)).isEqualTo(pattern(0x2000, 0x1000));
    }
  }

  @Test
  void liveMemoryIsCopiedAtOpening() throws Exception {
    CountingMemory memory = CountingMemory.pattern(0x10000).live();
    try (Vmcore vmcore = open(memory)) {
      assertThat(memory.reads())
          .containsExactly(HEAD, TAIL, new Read(0x5100, 0x20), new Read(0x5800, 0x800));
      memory.forget();
      assertThat(Reading.bytes(vmcore, 0x1400, 0xc00)).isEqualTo(pattern(0x2400, 0xc00));
      assertThat(memory.reads()).isEmpty();
    }
  }

  @Test
  void whatIsNotPresentInsideIsLeftOut() throws Exception {
    CountingMemory memory =
        CountingMemory.pattern(0x10000)
            .state(PageState.LOST, 0x2800, 0x100)
            .state(PageState.NOT_RAM, 0x2a00, 0x100);
    try (Vmcore vmcore = open(memory)) {
      assertThat(Reading.bytes(vmcore, 0x1400, 0xc00)).isEqualTo(pattern(0x2400, 0x400));
      assertThat(Reading.bytes(vmcore, 0x1900, 0x100)).isEqualTo(pattern(0x2900, 0x100));
      assertThat(Reading.bytes(vmcore, 0x1a00, 0x100)).containsOnly(0);
      assertThat(memory.reads(0x2000, 0x1000))
          .containsExactly(
              new Read(0x2400, 0x400), new Read(0x2900, 0x100), new Read(0x2b00, 0x500));
    }
  }

  @Test
  void aCopiedPageAsksOldMemoryNothing() throws Exception {
    CountingMemory memory = CountingMemory.pattern(0x10000).state(PageState.NOT_RAM, 0x2a00, 0x100);
    try (Vmcore vmcore = open(memory)) {
      byte[] page = Reading.bytes(vmcore, 0x1000, 0x1000);
      memory.forget();
      assertThat(page).endsWith(pattern(0x2b00, 0x500));
      assertThat(Reading.bytes(vmcore, 0x1000, 0x1000)).isEqualTo(page);
      assertThat(Reading.bytes(vmcore, 0x1a80, 0x100))
          .isEqualTo(Arrays.copyOfRange(page, 0xa80, 0xb80));
      assertThat(vmcore.extentAt(0x1a80)).isEqualTo(new Extent(0x1a00, 0x100, PageState.NOT_RAM));
      assertThat(vmcore.extentAt(0x1b00)).isEqualTo(new Extent(0x1b00, 0x500, PageState.PRESENT));
      assertThat(memory.calls()).isZero();
    }
  }

  @Test
  void whatIsMissingOfACopiedPageIsAskedForNoMore() throws Exception {
    CountingMemory memory =
        CountingMemory.pattern(0x10000)
            .state(PageState.LOST, 0x2800, 0x100)
            .state(PageState.EXCLUDED, 0x5000, 0x10);
    try (Vmcore vmcore = open(memory)) {
      assertThat(Reading.bytes(vmcore, 0x1400, 0xc00)).isEqualTo(pattern(0x2400, 0x400));
      assertThat(Reading.bytes(vmcore, 0x4000, 1)).isEmpty();
      memory.forget();
      assertThat(Reading.bytes(vmcore, 0x1400, 0xc00)).isEqualTo(pattern(0x2400, 0x400));
      assertThat(Reading.bytes(vmcore, 0x1880, 1)).isEmpty();
      assertThat(Reading.bytes(vmcore, 0x1900, 0x700)).isEqualTo(pattern(0x2900, 0x700));
      assertThat(Reading.bytes(vmcore, 0x4000, 1)).isEmpty();
      assertThat(Reading.bytes(vmcore, 0x4010, 0xff0)).isEqualTo(new byte[0xff0]);
      assertThat(vmcore.extentAt(0x1880)).isEqualTo(new Extent(0x1800, 0x100, PageState.LOST));
      assertThat(vmcore.extentAt(0x4000)).isEqualTo(new Extent(0x4000, 0x10, PageState.EXCLUDED));
      assertThat(memory.calls()).isZero();
    }
  }

  @Test
  void theZerosAroundTheClaimedBytesAskForNothing() throws Exception {
    CountingMemory memory = CountingMemory.pattern(0x10000);
    try (Vmcore vmcore = open(memory)) {
      memory.forget();
      assertThat(Reading.bytes(vmcore, 0x1000, 0x400)).isEqualTo(new byte[0x400]);
      assertThat(Reading.bytes(vmcore, 0x4010, 0xff0)).isEqualTo(new byte[0xff0]);
      assertThat(memory.calls()).isZero();
    }
  }

  @Test
  void aFaultIsToldToTheReaderAndTriedAgain() throws Exception {
    CountingMemory memory = CountingMemory.pattern(0x10000).failing(0x2400, 1);
    try (Vmcore vmcore = open(memory)) {
      assertThatThrownBy(() -> Reading.bytes(vmcore, 0x1400, 1))
          .isInstanceOf(VmcoreException.class)
          .hasMessage("counting: offset 0x2400: injected fault");
      memory.failing(0, 0);
      assertThat(Reading.bytes(vmcore, 0x1400, 1)).isEqualTo(pattern(0x2400, 1));
    }
  }
}
