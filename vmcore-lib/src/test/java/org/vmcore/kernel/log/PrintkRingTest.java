package org.vmcore.kernel.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.testing.PrintkRingBytes.COMMITTED;
import static org.vmcore.testing.PrintkRingBytes.DATA;
import static org.vmcore.testing.PrintkRingBytes.DESCS;
import static org.vmcore.testing.PrintkRingBytes.FINALIZED;
import static org.vmcore.testing.PrintkRingBytes.INFOS;
import static org.vmcore.testing.PrintkRingBytes.PRB;
import static org.vmcore.testing.PrintkRingBytes.RING;

import java.nio.ByteOrder;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.elf.ElfClass;
import org.vmcore.io.Finding;
import org.vmcore.io.VmcoreException;
import org.vmcore.testing.KernelDump;
import org.vmcore.testing.PrintkRingBytes;

/** The lockless ring. */
class PrintkRingTest extends LogTest {
  private PrintkRingBytes ring() {
    return new PrintkRingBytes(dump, 4, 10, 0);
  }

  @Test
  void recordsOfTheRing() throws Exception {
    ring()
        .add(COMMITTED, 5 * SECOND, 6 << 5 | 8, 1, bytes("one"), false)
        .add(FINALIZED, 6 * SECOND, 2 << 5, 0x8000_0003L, bytes("two\nlines"), false)
        .add(7 * SECOND, 4, "");

    assertThat(texts()).containsExactly("one", "two\nlines", "");
    assertThat(gaps).isEmpty();
    assertThat(records).extracting(each -> each.seq().orElseThrow()).containsExactly(0L, 1L, 2L);
    assertThat(records).extracting(LogRecord::nanoseconds).contains(5 * SECOND, 6 * SECOND);
    assertThat(records).extracting(LogRecord::level).containsExactly(6, 2, 4);
    assertThat(records).extracting(LogRecord::facility).containsOnly(0);
    assertThat(records).extracting(LogRecord::isContinuation).containsExactly(true, false, false);
    assertThat(records)
        .extracting(LogRecord::caller)
        .containsExactly(Optional.of("T1"), Optional.of("C3"), Optional.of("T0"));
  }

  @Test
  void aTextForWhichThereWasNoRoomIsLost() throws Exception {
    ring().add(SECOND, 6, "").add(SECOND, 6, "two");
    dump.u64(DESCS + 24 + 8, 1).u64(DESCS + 24 + 16, 1);

    assertThat(texts()).containsExactly("", "");
    assertThat(gaps).isEmpty();
    assertThat(records).extracting(LogRecord::isTextLost).containsExactly(false, true);
  }

  @Test
  void theRingKeepsCallersAlsoWhereAllAreThread0() throws Exception {
    ring().add(SECOND, 6, "one");

    assertThat(texts()).hasSize(1);
    assertThat(records.getFirst().caller()).contains("T0");
  }

  @Test
  void aBlockThatDidntFitAtTheEndIsAtTheStart() throws Exception {
    ring().position(1024 - 16).add(SECOND, 6, "wrapped to the start").add(SECOND, 6, "next");

    assertThat(texts()).containsExactly("wrapped to the start", "next");
  }

  @Test
  void aBlockMayEndWhereTheRingDoes() throws Exception {
    ring()
        .position(1024 - 24)
        .add(FINALIZED, SECOND, 0, 0, bytes("up to the end..."), true)
        .add(SECOND, 6, "next");

    assertThat(texts()).containsExactly("up to the end...", "next");
  }

  @Test
  void idsGoOnBehindTheLastOne() throws Exception {
    new PrintkRingBytes(dump, 4, 10, (-1L >>> 2) - 1)
        .add(SECOND, 6, "one")
        .add(SECOND, 6, "two")
        .add(SECOND, 6, "three");

    assertThat(texts()).containsExactly("one", "two", "three");
  }

  @Test
  void recordsThatAreBeingWrittenAreLeftOut() throws Exception {
    ring().add(SECOND, 6, "one").add(0, SECOND, 0, 0, bytes("reserved"), false).add(SECOND, 6, "x");

    assertThat(texts()).containsExactly("one", "x");
    assertThat(gaps).isEmpty();
  }

  @Test
  void theTailMayHaveGivenUpItsText() throws Exception {
    ring().add(SECOND, 6, "one").add(SECOND, 6, "two").state(0, 3L << 62);

    assertThat(texts()).containsExactly("two");
    assertThat(gaps).isEmpty();
  }

  @Test
  void aDescriptorOfTheRoundBeforeIsBeingReserved() throws Exception {
    new PrintkRingBytes(dump, 4, 10, 100)
        .add(SECOND, 6, "one")
        .add(SECOND, 6, "two")
        .state(101, 3L << 62 | 101 - 16);

    assertThat(texts()).containsExactly("one");
    assertThat(gaps).isEmpty();
  }

  /** The last descriptor begins with the ring's first id. */
  @ParameterizedTest
  @CsvSource({"-16, 0", "-2, 0", "-2, -17"})
  void aDescriptorThatWasNeverUsedIsBeingReserved(long first, long state) throws Exception {
    new PrintkRingBytes(dump, 4, 10, first)
        .add(SECOND, 6, "one")
        .add(SECOND, 6, "two")
        .state(first + 1, state);

    assertThat(texts()).containsExactly("one");
    assertThat(gaps).isEmpty();
  }

  /** Of the round before but not ready for reuse, of an earlier round, never used. */
  @ParameterizedTest
  @ValueSource(longs = {2L << 62 | 101 - 16, 101 - 16, 3L << 62 | 101 - 32, 0})
  void aDescriptorThatCantBeReservedIsDamage(long state) throws Exception {
    new PrintkRingBytes(dump, 4, 10, 100)
        .add(SECOND, 6, "one")
        .add(SECOND, 6, "two")
        .state(101, state);

    assertThat(texts()).containsExactly("one");
    assertThat(gaps)
        .singleElement()
        .matches(gap -> gap.message().endsWith("0x%x".formatted(state)));
  }

  @Test
  void aDescriptorOfAnotherRecordIsDamage() throws Exception {
    ring().add(SECOND, 6, "one").add(SECOND, 6, "two").add(SECOND, 6, "three").state(1, 99);

    assertThat(texts()).containsExactly("one", "three");
    hasGap(
        Finding.Severity.ERROR,
        "a record is damaged, behind seq 0 at [    1.000000]: descriptor 0x1 holds the state 0x63");
  }

  @Test
  void idsThatRunInCirclesAreReadUpToTheHead() throws Exception {
    ring().add(SECOND, 6, "one").add(SECOND, 6, "two").ids(1, 0);

    assertThat(texts()).containsExactly("one");
    assertThat(gaps.getFirst().message())
        .isEqualTo(
            "the ring's head_id 0x0 and tail_id 0x1 are further apart than its 16 descriptors:"
                + " read by its head");
  }

  @Test
  void aTextIsNoLongerThanItsBlock() throws Exception {
    ring().add(SECOND, 6, "12345678").add(SECOND, 6, "two");
    dump.u16(INFOS + 16, 0xffff);

    assertThat(texts()).containsExactly("12345678", "two");
  }

  @Test
  void aBlockThatEndsInItsHeadIsDamage() throws Exception {
    ring().add(SECOND, 6, "one").add(SECOND, 6, "two");
    dump.u64(DESCS + 16, 4);

    assertThat(texts()).containsExactly("", "two");
    hasGap(
        Finding.Severity.ERROR,
        "a record is damaged, seq 0 at [    1.000000]: its text is 4 bytes with its head");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 28, 0xffff_ffffL})
  void anAbsurdCountOfDescriptorsIsRefused(long bits) {
    ring().add(SECOND, 6, "one");
    dump.u32(RING, bits);

    assertThatThrownBy(this::texts)
        .isInstanceOf(VmcoreException.class)
        .hasMessageContaining("count_bits at 0x%x: %d: not from 1 to 27", RING, bits);
  }

  @Test
  void anAbsurdSizeOfTextIsRefused() {
    ring().add(SECOND, 6, "one");
    dump.u32(RING + 48, 32);

    assertThatThrownBy(this::texts)
        .hasMessageContaining("size_bits at 0x%x: 32: not from 1 to 31", RING + 48);
  }

  @Test
  void whatWasExcludedIsToldOfOnceForAll() throws Exception {
    ring().add(SECOND, 6, "one").add(SECOND, 6, "two");
    dump.excludedFrom(INFOS);

    assertThat(texts()).isEmpty();
    hasGap(
        Finding.Severity.WARNING,
        "2 records can't be read, the first at the log's start: printk_info at 0x%x: excluded from the dump"
            .formatted(INFOS));
  }

  @Test
  void textsThatAreLostLeaveTheRest() throws Exception {
    ring().add(SECOND, 6, "one").add(SECOND, 6, "two");
    dump.excludedFrom(DATA + 24);

    assertThat(texts()).containsExactly("one", "");
    hasGap(
        Finding.Severity.WARNING,
        "a record can't be read, seq 1 at [    1.000000]: text at 0x%x: excluded from the dump"
            .formatted(DATA + 24));
  }

  @Test
  void aRecordThatCrossesIntoAnExcludedPageIsExcluded() throws Exception {
    ring().add(1_234_500_999, 6, "").add(2 * SECOND, 6, "").add(3 * SECOND, 6, "");
    dump.excludedFrom(INFOS + 100);

    assertThat(texts()).hasSize(1);
    hasGap(
        Finding.Severity.WARNING,
        "2 records can't be read, the first behind seq 0 at [    1.234500]: printk_info at 0x%x: excluded from the dump"
            .formatted(INFOS + 100));
  }

  @Test
  void aDescriptorThatCrossesIntoAnExcludedPageIsExcluded() throws Exception {
    ring().add(SECOND, 6, "one").add(SECOND, 6, "two").add(SECOND, 6, "three");
    dump.excludedFrom(DESCS + 8);

    assertThat(texts()).isEmpty();
    hasGap(
        Finding.Severity.WARNING,
        "3 records can't be read, the first at the log's start: prb_desc at 0x%x: excluded from the dump"
            .formatted(DESCS + 8));
  }

  @Test
  void theDeviceBehindARecordsMetadataIsntNeeded() throws Exception {
    ring().add(SECOND, 6, "").add(SECOND, 6, "");
    dump.excludedFrom(INFOS + 88 + 24);

    assertThat(texts()).hasSize(2);
    assertThat(gaps).isEmpty();
  }

  @Test
  @Timeout(10)
  void descriptorsThatArentThereArePassedTogether() throws Exception {
    ring().add(SECOND, 6, "one").ids(5, 5 + (1L << 27) - 1);
    dump.u32(RING, 27).u64(RING + 8, 0x1234);

    assertThat(texts()).isEmpty();
    hasGap(
        Finding.Severity.ERROR,
        "134217728 records can't be read, the first at the log's start: prb_desc at 0x%x: the dump knows of no memory there"
            .formatted(0x1234 + 5 * 24));
  }

  @Test
  void textsThatTogetherAreLongerThanTheRingAreDamage() throws Exception {
    ring().add(SECOND, 6, "one").add(2 * SECOND, 6, "two").add(3 * SECOND, 6, "three");
    dump.u64(DESCS + 8, 0).u64(DESCS + 16, 1016).u64(DESCS + 32, 0).u64(DESCS + 40, 1016);

    assertThat(texts()).containsExactly("one", "", "");
    hasGap(
        Finding.Severity.ERROR,
        "2 records are damaged, the first seq 1 at [    2.000000]: its text is 1016 bytes, more than the ring has left");
  }

  @Test
  void descriptorsOutsideOfMemoryAreLost() throws Exception {
    ring().add(SECOND, 6, "one");
    dump.u64(RING + 8, 0x1234);

    assertThat(texts()).isEmpty();
    hasGap(
        Finding.Severity.ERROR,
        "a record can't be read, at the log's start: prb_desc at 0x1234: the dump knows of no memory there");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OFFSET(printk_ringbuffer.desc_ring)",
        "OFFSET(printk_ringbuffer.text_data_ring)",
        "OFFSET(prb_desc_ring.count_bits)",
        "OFFSET(prb_desc_ring.descs)",
        "OFFSET(prb_desc_ring.infos)",
        "OFFSET(prb_desc_ring.head_id)",
        "OFFSET(prb_desc_ring.tail_id)",
        "SIZE(prb_desc)",
        "OFFSET(prb_desc.state_var)",
        "OFFSET(prb_desc.text_blk_lpos)",
        "OFFSET(prb_data_blk_lpos.begin)",
        "OFFSET(prb_data_blk_lpos.next)",
        "SIZE(printk_info)",
        "OFFSET(printk_info.seq)",
        "OFFSET(printk_info.ts_nsec)",
        "OFFSET(printk_info.text_len)",
        "OFFSET(printk_info.caller_id)",
        "OFFSET(prb_data_ring.size_bits)",
        "OFFSET(prb_data_ring.data)",
        "OFFSET(atomic_long_t.counter)",
      })
  void everyFieldOfTheRingIsNeeded(String field) {
    ring().add(SECOND, 6, "one");

    isNeeded(field);
  }

  @ParameterizedTest
  @MethodSource("machines")
  void ringsOfOtherMachines(ElfClass elfClass, ByteOrder order) throws Exception {
    dump = new KernelDump(elfClass, order);
    int level = order == ByteOrder.BIG_ENDIAN ? 8 << 3 | 5 : 5 << 5 | 8;
    int word = dump.wordSize();
    int shift = 8 * word - 2;
    new PrintkRingBytes(dump, 4, 10, -2)
        .position(1024 - 2 * word)
        .add(COMMITTED, 5 * SECOND, level, 0x8000_0003L, bytes("wrapped to the start"), false)
        .position(1024 - 24)
        .add(
            FINALIZED,
            6 * SECOND,
            0,
            42,
            bytes("up to the ring's end".substring(0, 24 - word)),
            true)
        .position(1024 + 512)
        .add(7 * SECOND, 0, "being written")
        .add(8 * SECOND, 0, "of another round")
        .state(0, 0)
        .state(1, 3L << shift | (-15 & (1L << shift) - 1));

    assertThat(texts())
        .containsExactly("wrapped to the start", "up to the ring's end".substring(0, 24 - word));
    assertThat(gaps).isEmpty();
    assertThat(records.getFirst().nanoseconds()).isEqualTo(5 * SECOND);
    assertThat(records.getFirst().level()).isEqualTo(5);
    assertThat(records.getFirst().isContinuation()).isTrue();
    assertThat(records).extracting(each -> each.caller().orElse("")).containsExactly("C3", "T42");
  }

  @Test
  void fieldsLieWithinTheirStructures() {
    ring().add(SECOND, 6, "one");
    dump.withoutInfo("SIZE(printk_info)").info("SIZE(printk_info)=20");

    assertThatThrownBy(this::texts)
        .hasMessageEndingWith("VMCOREINFO: SIZE(printk_info)=20: less than its fields take");
  }

  @Test
  void aRingThatIsLostIsDamage() throws Exception {
    ring().add(SECOND, 6, "one");
    dump.lostFrom(PRB);

    assertThat(texts()).isEmpty();
    hasGap(Finding.Severity.ERROR, "prb at 0x%x: lost".formatted(PRB));
  }

  @Test
  void aRingThatIsLostInPartIsDamage() throws Exception {
    ring().add(SECOND, 6, "one");
    dump.lostFrom(RING + 10);

    assertThat(texts()).isEmpty();
    hasGap(Finding.Severity.ERROR, "prb_desc_ring.descs at 0x%x: lost".formatted(RING + 10));
  }

  @Test
  void aRingThatWasExcludedIsNoDamage() throws Exception {
    ring().add(SECOND, 6, "one");
    dump.excludedFrom(RING);

    assertThat(texts()).isEmpty();
    hasGap(
        Finding.Severity.WARNING,
        "prb_desc_ring.count_bits at 0x%x: excluded from the dump".formatted(RING));
  }

  @Test
  void aRingWhereNoMemoryIsIsNotFound() {
    ring().add(SECOND, 6, "one");
    dump.u64(PRB, 0x1000);

    assertThatThrownBy(this::texts)
        .hasMessageEndingWith(
            ": prb_desc_ring.count_bits at 0x1000: the dump knows of no memory there");
  }
}
