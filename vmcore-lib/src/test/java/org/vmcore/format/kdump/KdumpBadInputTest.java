package org.vmcore.format.kdump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.Vmcore;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.testing.Exercise;
import org.vmcore.testing.HugeKdump;
import org.vmcore.testing.KdumpBuilder;
import org.vmcore.testing.Reading;

/** Kdump-compressed dumps that are damaged, or were made to do harm. */
class KdumpBadInputTest extends SmallKdump {
  // --- the header

  @ParameterizedTest
  @CsvSource({
    "header_version, 0", "header_version, -1", "header_version, 0x7fffffff", "block_size, 0",
    "block_size, 3", "block_size, 0x80000000", "block_size, 4097", "block_size, 0x200000",
    "sub_hdr_size, 0", "bitmap_blocks, 0", "max_mapnr, 0x10001"
  })
  void aHeaderThatMakesNoSense(String field, String value) throws Exception {
    Path file = small().set(field, Long.decode(value)).writeTo(dir.resolve("dump"));
    assertThatThrownBy(() -> Vmcore.open(file).close())
        .isInstanceOf(VmcoreException.class)
        .hasMessageStartingWith(
            file + ": offset 0x1ac: kdump header: makes no sense with any word size and byte order")
        .hasMessageContaining("as 64-bit little-endian: header_version ");
  }

  @Test
  void aHeaderOf64BitsWhoseMicrosecondsLookLikeABlockSize() throws Exception {
    for (long usec = 4096; usec < 1_000_000; usec *= 2) {
      try (Vmcore vmcore = open(small().set("tv_usec", usec))) {
        assertThat(vmcore.header().elfClass().bits()).isEqualTo(64);
        assertThat(state(vmcore, 20)).isEqualTo(PageState.PRESENT);
      }
    }
  }

  @Test
  void aNewerVersionIsToldAndRead() throws Exception {
    try (Vmcore vmcore = open(small().set("header_version", 7))) {
      assertThat(vmcore.findings())
          .contains(Finding.warning("kdump_header", 8, "header_version is 7; read as 6"));
      assertThat(state(vmcore, 20)).isEqualTo(PageState.PRESENT);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0x8000000000000000", "0xffffffffffffffff", "0x8001", "0x10000000000"})
  void maxMapnrBeyondTheBitmaps(String value) throws Exception {
    long number = Long.parseUnsignedLong(value.substring(2), 16);
    KdumpBuilder dump = small().set("max_mapnr_64", number);
    try (Vmcore vmcore = open(dump)) {
      if (number == 0x8001) { // above half the bits: then bitmap1 is the only one
        assertThat(state(vmcore, 1)).isEqualTo(PageState.PRESENT);
        return;
      }
      assertTold(vmcore, "max_mapnr is " + value + ", more than the bitmaps can have: 0x10000");
    }
    Exercise.dump(dir.resolve("dump"), OpenOptions.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource({"bitmap_blocks, 0xffffffff", "sub_hdr_size, 0xffffffff", "sub_hdr_size, 0x7fffffff"})
  void bitmapsBehindTheEndOfTheFile(String field, String value) throws Exception {
    try (Vmcore vmcore = open(small().set(field, Long.decode(value)))) {
      assertTold(vmcore, "the file ends in its bitmaps");
      assertThat(Reading.bytes(vmcore.physical(), 0, 1)).isEmpty();
    }
    Exercise.dump(dir.resolve("dump"), OpenOptions.DEFAULT);
  }

  @Test
  @Tag("slow")
  @Timeout(value = 20, unit = TimeUnit.SECONDS)
  void fourPebibytesThatAreLostAreQuicklyPassedOver() throws Exception {
    KdumpBuilder dump = small().set("bitmap_blocks", 0xffff_ffffL).set("max_mapnr_64", 1L << 40);
    try (Vmcore vmcore = open(dump)) {
      assertThat(vmcore.memorySize()).isGreaterThan(1L << 51);
      long start = HugeKdump.cpuNanos();
      vmcore.pages(range -> assertThat(range.count()).isPositive());
      assertThat(HugeKdump.cpuNanos() - start).isLessThan(5_000_000_000L);
    }
  }

  @Test
  @Tag("slow")
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void everyOtherPageOfMillionsIsLostAndVerifyTellsSixteen() throws Exception {
    KdumpBuilder dump = small().set("bitmap_blocks", 1024).set("max_mapnr_64", 1L << 24);
    Path file = dump.truncateAt(dump.bitmapOffset()).writeTo(dir.resolve("dump"));
    byte[] bitmaps = new byte[1024 * 4096];
    Arrays.fill(bitmaps, 0, bitmaps.length / 2, (byte) 0xff);
    Arrays.fill(bitmaps, bitmaps.length / 2, bitmaps.length, (byte) 0x55);
    Files.write(file, bitmaps, StandardOpenOption.APPEND); // no page descriptor is there
    try (Vmcore vmcore = Vmcore.open(file)) {
      long start = HugeKdump.cpuNanos();
      assertThat(vmcore.verify())
          .extracting(Finding::message)
          .contains("more places are lost, " + (1L << 35) + " bytes in all")
          .filteredOn(message -> message.contains("-0x") && message.contains(" are lost: "))
          .hasSize(16);
      assertThat(HugeKdump.cpuNanos() - start).isLessThan(5_000_000_000L);
    }
  }

  @Test
  void noPageFramesAtAll() throws Exception {
    try (Vmcore vmcore = open(KdumpBuilder.le64().vmcoreinfo("OSRELEASE=6.1.0"))) {
      assertThat(vmcore.memorySize()).isZero();
      assertThat(vmcore.vmcoreInfo()).isPresent();
    }
    assertThat(Exercise.dump(dir.resolve("dump"), OpenOptions.DEFAULT)).isTrue();
  }

  // --- notes

  @ParameterizedTest
  @CsvSource({
    "offset_note, 0, note 0x0 + size_note 0x3e",
    "offset_note, -1, note 0xffffffffffffffff + size_note 0x3e",
    "offset_note, 0x7fffffffffffffff, note 0x7fffffffffffffff + size_note 0x3e",
    "size_note, -1, note 0x1080 + size_note 0xffffffffffffffff",
    "size_note, 0x7fffffffffffffff, note 0x1080 + size_note 0x7fffffffffffffff"
  })
  void notesInNoFileRange(String field, String value, String what) throws Exception {
    KdumpBuilder dump = small().set("size_note", 0x3e).set(field, Long.decode(value));
    try (Vmcore vmcore = open(dump)) {
      assertTold(vmcore, "sub header: offset_" + what + " is no file range");
      assertThat(state(vmcore, 20)).isEqualTo(PageState.PRESENT);
    }
    Exercise.dump(dir.resolve("dump"), OpenOptions.DEFAULT);
  }

  @ParameterizedTest
  @ValueSource(longs = {0x10_0000, 0x7fff_ffff_ffff_0000L})
  void notesBehindTheEndOfTheFile(long offset) throws Exception {
    try (Vmcore vmcore = open(small().set("offset_note", offset))) {
      assertThat(vmcore.notes()).isEmpty();
      assertThat(vmcore.isDamaged()).isTrue();
      assertThat(state(vmcore, 20)).isEqualTo(PageState.PRESENT);
    }
    Exercise.dump(dir.resolve("dump"), OpenOptions.DEFAULT);
  }

  @Test
  void notesThatTheFileEndsIn() throws Exception {
    try (Vmcore vmcore = open(small().truncateAt(0x10a0))) {
      assertThat(vmcore.isDamaged()).isTrue();
      assertThat(vmcore.vmcoreInfo().map(info -> info.text()).orElse("")).startsWith("OSREL");
    }
  }

  @Test
  void vmcoreinfoOfVersion3ThatTheFileEndsIn() throws Exception {
    try (Vmcore vmcore = open(small().version(3).truncateAt(0x1088))) {
      assertTold(vmcore, "vmcoreinfo: the file ends in it");
      assertThat(vmcore.vmcoreInfo().orElseThrow().text()).isEqualTo("OSRELEAS");
    }
  }
}
