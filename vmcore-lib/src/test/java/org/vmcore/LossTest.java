package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.memory.Mapping;
import org.vmcore.memory.OldMemory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.testing.CountingMemory;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.LossyMemory;
import org.vmcore.testing.Reading;

/** Pages of which shows only when they are read that they can't be had. */
class LossTest {
  private static final int RAM = 0x8000;

  /** The image: a page of header, one before its first 0x800 bytes claimed, whole pages. */
  private static DumpBuilder machine() {
    return DumpBuilder.elf64().ramImage().load(0x1800, 0x4800);
  }

  private static Vmcore open(OldMemory memory) throws VmcoreException {
    return Vmcore.of("lossy", machine().crashHeaders(), memory, OpenOptions.DEFAULT);
  }

  @TempDir Path dir;

  @Test
  void aReadEndsAtTheLostPageAndItsStateIsThenKnown() throws Exception {
    try (Vmcore vmcore = open(LossyMemory.of(RAM, 0x3000))) {
      assertThat(vmcore.physical().extentAt(0x3000).state()).isEqualTo(PageState.PRESENT);
      assertThat(Reading.bytes(vmcore.physical(), 0x2000, 0x3000))
          .isEqualTo(DumpBuilder.pattern(0x2000, 0x1000));
      assertThat(vmcore.physical().extentAt(0x3000))
          .isEqualTo(new Extent(0x3000, 0x1000, PageState.LOST));
      assertThat(vmcore.physical().lossAt(0x3123))
          .map(Finding::message)
          .hasValue("page frame 0x3: zlib: incorrect data check");
      assertThat(vmcore.lossAt(0x1000 + 0x2000)).isEqualTo(vmcore.physical().lossAt(0x3000));
      assertThat(vmcore.physical().lossAt(0x2000)).isEmpty();
    }
  }

  @Test
  void whatIsClaimedOfALostFractionalPageIsNotReadAsZeros() throws Exception {
    try (Vmcore vmcore = open(LossyMemory.of(RAM, 0x1000))) {
      for (int i = 0; i < 2; i++) {
        assertThat(Reading.bytes(vmcore.physical(), 0x1800, 0x100)).isEmpty();
        assertThat(Reading.bytes(vmcore, 0x1000, 0x1000)).isEqualTo(new byte[0x800]);
      }
      assertThat(vmcore.extentAt(0x1800)).isEqualTo(new Extent(0x1800, 0x800, PageState.LOST));
    }
  }

  @Test
  void aMappingListsPagesThatWereFoundLostWhileItWasMade() throws Exception {
    try (Vmcore vmcore = open(LossyMemory.of(RAM, 0x3000, 0x5000));
        Mapping mapping = vmcore.map(0, vmcore.size())) {
      assertThat(mapping.missing())
          .containsExactly(
              new Extent(0x3000, 0x1000, PageState.LOST),
              new Extent(0x5000, 0x1000, PageState.LOST));
      byte[] bytes = mapping.bytes().toArray(ValueLayout.JAVA_BYTE);
      assertThat(Arrays.copyOfRange(bytes, 0x3000, 0x4000)).isEqualTo(new byte[0x1000]);
      assertThat(Arrays.copyOfRange(bytes, 0x4000, 0x5000))
          .isEqualTo(DumpBuilder.pattern(0x4000, 0x1000));
    }
  }

  @Test
  void whatAShortReadGaveIsNotReadAgain() throws Exception {
    CountingMemory memory = CountingMemory.pattern(RAM).state(PageState.LOST, 0x3800, 0x800);
    try (Vmcore vmcore = open(memory)) {
      Reading.bytes(vmcore, 0x2000, 0x10);
      memory.forget();
      assertThat(Reading.bytes(vmcore, 0x2000, 0x3000))
          .isEqualTo(DumpBuilder.pattern(0x2000, 0x1800));
      assertThat(memory.reads()).containsExactly(new CountingMemory.Read(0x2000, 0x1800));
      assertThat(memory.calls()).isEqualTo(2);
    }
  }

  @Test
  void aReadGoesOnBehindWhatIsNotRam() throws Exception {
    CountingMemory memory =
        CountingMemory.pattern(RAM)
            .state(PageState.NOT_RAM, 0x3000, 0x1000)
            .state(PageState.NOT_RAM, 0x5000, 0x1000);
    try (Vmcore vmcore = open(memory)) {
      Reading.bytes(vmcore, 0x2000, 0x10);
      memory.forget();
      byte[] bytes = Reading.bytes(vmcore, 0x2000, 0x4000);
      assertThat(bytes).startsWith(DumpBuilder.pattern(0x2000, 0x1000)).endsWith(new byte[0x1000]);
      assertThat(Arrays.copyOfRange(bytes, 0x1000, 0x2000)).isEqualTo(new byte[0x1000]);
      assertThat(Arrays.copyOfRange(bytes, 0x2000, 0x3000))
          .isEqualTo(DumpBuilder.pattern(0x4000, 0x1000));
      assertThat(memory.reads())
          .containsExactly(
              new CountingMemory.Read(0x2000, 0x1000), new CountingMemory.Read(0x4000, 0x1000));
      assertThat(memory.calls()).isEqualTo(4);
    }
  }

  private static List<Finding> contents(Vmcore vmcore) throws VmcoreException {
    return vmcore.verify().stream().filter(f -> f.check().equals("page_contents")).toList();
  }

  @Test
  void verifyReadsEveryPageAndTellsOfEachLostOne() throws Exception {
    try (Vmcore vmcore = open(LossyMemory.of(RAM, 0x1000, 0x4000))) {
      assertThat(contents(vmcore))
          .containsExactly(
              Finding.error(
                  "page_contents",
                  0x101000,
                  "physical addresses 0x1800-0x1fff are lost: page frame 0x1: zlib: incorrect data"
                      + " check"),
              Finding.error(
                  "page_contents",
                  0x104000,
                  "physical addresses 0x4000-0x4fff are lost: page frame 0x4: zlib: incorrect data"
                      + " check"),
              Finding.info("page_contents", "12288 bytes of physical memory were read"));
      assertThat(vmcore.verify())
          .extracting(Finding::message)
          .contains("page frames: 3 present, 0 excluded, 2 lost, 1 not ram");
    }
  }

  @Test
  void manyLostPlacesAreCounted() throws Exception {
    long[] broken = new long[20];
    Arrays.setAll(broken, i -> 0x2000L * i);
    DumpBuilder machine = DumpBuilder.elf64().ramImage().load(0, 0x40000);
    try (Vmcore vmcore =
        Vmcore.of(
            "lossy",
            machine.crashHeaders(),
            LossyMemory.of(0x40000, broken),
            OpenOptions.DEFAULT)) {
      List<Finding> findings = contents(vmcore);
      assertThat(findings).hasSize(18);
      assertThat(findings.get(16).severity()).isEqualTo(Severity.ERROR);
      assertThat(findings.get(16).message())
          .isEqualTo("4 more places are lost, 81920 bytes in all");
      assertThat(findings.get(17).message()).isEqualTo("180224 bytes of physical memory were read");
    }
  }

  @Test
  void verifyReadsWhatIsPresentOnceAndTellsHowFarItIs() throws Exception {
    CountingMemory memory =
        CountingMemory.pattern(0x40_0000)
            .state(PageState.EXCLUDED, 0x10_0000, 0x8_0000)
            .state(PageState.NOT_RAM, 0x20_0000, 0x1000);
    DumpBuilder machine = DumpBuilder.elf64().ramImage().load(0x1000, 0x30_0000);
    try (Vmcore vmcore =
        Vmcore.of("counting", machine.crashHeaders(), memory, OpenOptions.DEFAULT)) {
      memory.forget();
      AtomicLong done = new AtomicLong();
      assertThat(vmcore.verify(done::addAndGet))
          .extracting(Finding::message)
          .contains((0x30_0000 - 0x8_0000 - 0x1000) + " bytes of physical memory were read");
      assertThat(done).hasValue(0x30_0000 - 0x1000);
      assertThat(memory.reads()).allMatch(read -> read.size() <= 1 << 20);
      assertThat(memory.reads().stream().mapToLong(CountingMemory.Read::size).sum())
          .isEqualTo(0x30_0000 - 0x8_0000 - 0x1000);
      assertThat(memory.reads(0x10_0000, 0x8_0000)).isEmpty();
    }
  }

  @Test
  void whatATruncatedFileLostIsToldWithTheFilesEnd() throws Exception {
    Path file =
        DumpBuilder.elf64()
            .prstatus(1, 11)
            .load(0x1000, 0x1000)
            .memsz(0x2000)
            .load(0x8000, 0x2000)
            .truncateAt(0x3800)
            .writeTo(dir.resolve("dump"));
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(vmcore.physical().lossAt(0x8800))
          .hasValue(Finding.error("file_size", 0x3800, "the file ends here"));
      assertThat(vmcore.physical().lossAt(0x8000)).isEmpty();
      assertThat(vmcore.physical().lossAt(0x2000)).as("excluded").isEmpty();
      assertThat(vmcore.physical().lossAt(0x5000)).as("no RAM").isEmpty();
      assertThat(contents(vmcore))
          .contains(
              Finding.error(
                  "page_contents",
                  0x3800,
                  "physical addresses 0x8800-0x9fff are lost: the file ends here"));
    }
  }

  @Test
  void neighboursThatAreLostForOneReasonAreOnePlace() throws Exception {
    Path file =
        DumpBuilder.elf64()
            .load(0x1000, 0x2c00)
            .load(0x8000, 0x2000)
            .load(0xa000, 0x1000)
            .truncateAt(0x2000)
            .writeTo(dir.resolve("dump"));
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(contents(vmcore))
          .extracting(Finding::message)
          .containsExactly(
              "physical addresses 0x2000-0x3bff are lost: the file ends here",
              "physical addresses 0x8000-0xafff are lost: the file ends here",
              "4096 bytes of physical memory were read");
    }
  }

  @Test
  void notesThatTheFileIsTooShortForTellWhy() throws Exception {
    DumpBuilder dump =
        DumpBuilder.elf64().ramImage().noteArea(0x400).at(0x800).prstatus(1, 11).load(0x1000, 0x10);
    OldMemory memory =
        new Unsteady(dump.build(), 0x900) {
          @Override
          public Optional<Finding> lossAt(long address) {
            return Optional.of(Finding.error("x", address, "gone"));
          }
        };
    try (Vmcore vmcore = Vmcore.of("x", dump.crashHeaders(), memory, OpenOptions.DEFAULT)) {
      assertThat(vmcore.extentAt(0x1100).state()).isEqualTo(PageState.LOST);
      assertThat(vmcore.lossAt(0x1100)).hasValue(Finding.error("x", 0x900, "gone"));
      assertThat(vmcore.lossAt(0)).as("the header").isEmpty();
      assertThat(vmcore.lossAt(0x1fff)).as("behind the notes").isEmpty();
    }
  }

  @Test
  void memoryThatIsPresentAndGivesNothingIsAFault() throws Exception {
    OldMemory broken =
        new Unsteady(machine().build(), Long.MAX_VALUE) {
          @Override
          public long read(long address, MemorySegment dst) {
            return 0;
          }
        };
    try (Vmcore vmcore = open(broken)) {
      assertThatThrownBy(() -> Reading.bytes(vmcore.physical(), 0x1800, 1))
          .isInstanceOf(VmcoreException.class)
          .hasMessage("lossy: old memory at 0x1800 gives no bytes");
      assertThatThrownBy(() -> vmcore.map(0x2000, 0x1000))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("present, but unreadable: 0x2000");
    }
  }

  /** Memory of these bytes that is lost from an address on, though at first all can be read. */
  private static class Unsteady implements OldMemory {
    private final CountingMemory whole;
    private final long lostFrom;

    Unsteady(byte[] bytes, long lostFrom) {
      this.whole = CountingMemory.of(bytes);
      this.lostFrom = lostFrom;
    }

    @Override
    public long read(long address, MemorySegment dst) throws VmcoreException {
      return whole.read(address, dst);
    }

    @Override
    public Extent extentAt(long address) {
      return address >= lostFrom
          ? new Extent(lostFrom, -lostFrom, PageState.LOST)
          : whole.extentAt(address);
    }
  }
}
