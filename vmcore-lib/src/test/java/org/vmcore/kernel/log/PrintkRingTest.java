package org.vmcore.kernel.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.testing.PrintkRingBytes.COMMITTED;
import static org.vmcore.testing.PrintkRingBytes.DESCS;
import static org.vmcore.testing.PrintkRingBytes.FINALIZED;
import static org.vmcore.testing.PrintkRingBytes.INFOS;

import java.nio.ByteOrder;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.elf.ElfClass;
import org.vmcore.testing.KernelDump;
import org.vmcore.testing.PrintkRingBytes;

/** The lockless ring. */
class PrintkRingTest extends PrintkRings {
  @ParameterizedTest
  @EnumSource(ElfClass.class)
  void headersOfTheOtherClass(ElfClass words) throws Exception {
    boolean isNarrow = words == ElfClass.ELF32;
    dump =
        new KernelDump(words, ByteOrder.LITTLE_ENDIAN)
            .headers(isNarrow ? ElfClass.ELF64 : ElfClass.ELF32)
            .info(isNarrow ? "CONFIG_X86_PAE=y" : "NUMBER(phys_base)=0")
            .infoSymbol("_stext", KernelDump.BASE);
    new PrintkRingBytes(dump, 4, 10, 5).add(5 * SECOND, 0, "one").add(6 * SECOND, 0, "two");

    assertThat(texts()).containsExactly("one", "two");
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

  @Test
  void aTextIsNoLongerThanItsBlock() throws Exception {
    ring().add(SECOND, 6, "12345678").add(SECOND, 6, "two");
    dump.u16(INFOS + 16, 0xffff);

    assertThat(texts()).containsExactly("12345678", "two");
  }

  @Test
  void theDeviceBehindARecordsMetadataIsntNeeded() throws Exception {
    ring().add(SECOND, 6, "").add(SECOND, 6, "");
    dump.excludedFrom(INFOS + 88 + 24);

    assertThat(texts()).hasSize(2);
    assertThat(gaps).isEmpty();
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
}
