package org.vmcore.kernel.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.testing.PrintkRingBytes.DATA;
import static org.vmcore.testing.PrintkRingBytes.DESCS;
import static org.vmcore.testing.PrintkRingBytes.INFOS;
import static org.vmcore.testing.PrintkRingBytes.PRB;
import static org.vmcore.testing.PrintkRingBytes.RING;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.PrintkRingBytes;

/** A lockless ring that is damaged, lost or excluded in part. */
class PrintkRingDamageTest extends PrintkRings {
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
  @Timeout(10)
  void descriptorsThatArentThereArePassedTogether() throws Exception {
    ring().add(SECOND, 6, "one").ids(5, 5 + (1L << 27) - 1);
    dump.u32(RING, 27).u64(RING + 8, 0x1234);

    assertThat(texts()).isEmpty();
    hasGap(
        Finding.Severity.ERROR,
        "134217728 records can't be read, the first at the log's start: prb_desc at 0x%x: no page tables: VMCOREINFO tells of no root; and no PT_LOAD tells of it"
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
        "a record can't be read, at the log's start: prb_desc at 0x1234: no page tables: VMCOREINFO tells of no root; and no PT_LOAD tells of it");
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
            ": prb_desc_ring.count_bits at 0x1000: no page tables: VMCOREINFO tells of no root; and no PT_LOAD tells of it");
  }
}
