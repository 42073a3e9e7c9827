package org.vmcore.kernel.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.elf.ElfClass;
import org.vmcore.memory.Finding;
import org.vmcore.testing.KernelDump;
import org.vmcore.testing.RecordBufferBytes;

/** The buffer of records before 5.10. */
class RecordBufferTest extends LogTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "OFFSET(printk_log.ts_nsec)",
        "OFFSET(printk_log.len)",
        "OFFSET(printk_log.text_len)",
        "OFFSET(printk_log.dict_len)",
      })
  void everyFieldOfTheBufferIsNeeded(String field) {
    buffer().add(SECOND, 0, 0, "one");

    isNeeded(field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"log_buf_len", "log_first_idx", "log_next_idx"})
  void everySymbolOfTheBufferIsNeeded(String symbol) {
    buffer().add(SECOND, 0, 0, "one");
    dump.withoutInfo("SYMBOL(" + symbol + ")");

    assertThatThrownBy(this::texts)
        .hasMessageEndingWith(": VMCOREINFO doesn't tell of SYMBOL(" + symbol + ")");
  }

  @ParameterizedTest
  @MethodSource("machines")
  void buffersOfOtherMachines(ElfClass elfClass, ByteOrder order) throws Exception {
    dump = new KernelDump(elfClass, order);
    int level = order == ByteOrder.BIG_ENDIAN ? 8 << 3 | 5 : 5 << 5 | 8;
    new RecordBufferBytes(dump, "printk_log", 256, true)
        .first(200)
        .add(5 * SECOND, level, 42, "one")
        .wrap()
        .add(6 * SECOND, 0, 0x8000_0003L, "two");

    assertThat(texts()).containsExactly("one", "two");
    assertThat(gaps).isEmpty();
    assertThat(records.getFirst().nanoseconds()).isEqualTo(5 * SECOND);
    assertThat(records.getFirst().level()).isEqualTo(5);
    assertThat(records.getFirst().isContinuation()).isTrue();
    assertThat(records).extracting(each -> each.caller().orElse("")).containsExactly("T42", "C3");
  }

  @Test
  void aBufferWhoseVariablesAreLostIsDamage() throws Exception {
    buffer().add(SECOND, 0, 0, "one");
    dump.lostFrom(RecordBufferBytes.VARIABLES + 8);

    assertThat(texts()).isEmpty();
    hasGap(
        Finding.Severity.ERROR,
        "log_buf_len at 0x%x: lost".formatted(RecordBufferBytes.VARIABLES + 8));
  }

  private RecordBufferBytes buffer() {
    return new RecordBufferBytes(dump, "printk_log", 256, false).first(0);
  }

  @Test
  void recordsOfTheBuffer() throws Exception {
    buffer().add(5 * SECOND, 6 << 5, 0, "one").add(6 * SECOND, 2 << 5 | 8, 0, "two\nlines");

    assertThat(texts()).containsExactly("one", "two\nlines");
    assertThat(gaps).isEmpty();
    assertThat(records).extracting(LogRecord::nanoseconds).contains(5 * SECOND, 6 * SECOND);
    assertThat(records).extracting(LogRecord::level).containsExactly(6, 2);
    assertThat(records).extracting(LogRecord::facility).containsOnly(3);
    assertThat(records).extracting(LogRecord::isContinuation).containsExactly(false, true);
    assertThat(records).allMatch(each -> each.seq().isEmpty() && each.caller().isEmpty());
  }

  @Test
  void theStructureWasCalledLogBefore() throws Exception {
    new RecordBufferBytes(dump, "log", 256, false).first(0).add(SECOND, 0, 0, "one");

    assertThat(texts()).containsExactly("one");
  }

  @Test
  void theBufferKeepsCallersToo() throws Exception {
    new RecordBufferBytes(dump, "printk_log", 256, true)
        .first(0)
        .add(SECOND, 0, 42, "one")
        .add(SECOND, 0, 0x8000_0001L, "two");

    assertThat(texts()).containsExactly("one", "two");
    assertThat(records)
        .extracting(LogRecord::caller)
        .containsExactly(Optional.of("T42"), Optional.of("C1"));
  }

  @Test
  void theBufferGoesOnAtItsStart() throws Exception {
    buffer().first(200).add(SECOND, 0, 0, "one").wrap().add(SECOND, 0, 0, "two");

    assertThat(texts()).containsExactly("one", "two");
  }

  @Test
  void aBufferThatRunsInACircleEnds() throws Exception {
    buffer().add(SECOND, 0, 0, "one").wrap().next(100);

    assertThat(texts()).containsExactly("one");
    hasGap(
        Finding.Severity.ERROR,
        "the records behind the one at [    1.000000] can't be read: the one at 24 has a length of"
            + " 0; not read on");
  }

  /** Shorter than its head, than its text and dictionary, much longer, past the buffer. */
  @ParameterizedTest
  @ValueSource(ints = {15, 20, 35, 233, 0xffff})
  void aRecordOfAnotherLengthThanItsPartsEndsTheLog(int length) throws Exception {
    buffer().add(SECOND, 0, 0, "one").add(SECOND, 0, 0, "two");
    dump.u16(RecordBufferBytes.BUFFER + 24 + 8, length);

    assertThat(texts()).containsExactly("one");
    hasGap(
        Finding.Severity.ERROR,
        "the records behind the one at [    1.000000] can't be read: the one at 24 has a length of "
            + length
            + "; not read on");
  }

  @Test
  void aRecordReachesNotPastTheBuffer() throws Exception {
    buffer().first(232).add(SECOND, 0, 0, "23 bytes and a dictiona").next(256);

    assertThat(texts()).isEmpty();
    assertThat(gaps.getFirst().message())
        .contains("the one at 232 has a length of 44; not read on");
  }

  @Test
  void aRecordReachesNotPastTheNextOne() throws Exception {
    buffer().add(SECOND, 0, 0, "one").next(20);

    assertThat(texts()).containsExactly("one");
    hasGap(Finding.Severity.ERROR, "the log's last record ends at 24, behind log_next_idx, 20");
  }

  @Test
  void anIndexPastTheBufferEndsTheLog() throws Exception {
    buffer().first(250).add(SECOND, 0, 0, "one");

    assertThat(texts()).isEmpty();
    hasGap(
        Finding.Severity.ERROR,
        "the records at the log's start can't be read: it goes on at 250 of 256 bytes; not read on");
  }

  @Test
  void aFirstIndexInsideOfARecordLeavesTheNewerOnes() throws Exception {
    buffer().first(200).add(SECOND, 0, 0, "one").wrap().add(SECOND, 0, 0, "two");
    dump.u32(RecordBufferBytes.VARIABLES + 12, 202);

    assertThat(texts()).containsExactly("two");
    assertThat(gaps.getFirst().message())
        .matches(
            "the records at the log's start can't be read: the one at 202 has a length of \\d+;"
                + " read on at the buffer's start");
  }

  @Test
  void aBufferThatWasExcludedEndsTheLog() throws Exception {
    buffer().add(SECOND, 0, 0, "one").add(SECOND, 0, 0, "two");
    dump.excludedFrom(RecordBufferBytes.BUFFER + 30);

    assertThat(texts()).containsExactly("one");
    hasGap(
        Finding.Severity.WARNING,
        "the records behind the one at [    1.000000] can't be read: printk_log at 0x%x: excluded from the dump; not read on"
            .formatted(RecordBufferBytes.BUFFER + 30));
  }

  @Test
  void ofABufferThatWasExcludedInPartTheNewerRecordsAreRead() throws Exception {
    buffer().first(200).add(SECOND, 0, 0, "one").wrap().add(2 * SECOND, 0, 0, "two");
    dump.lostFrom(RecordBufferBytes.BUFFER + 218);

    assertThat(texts()).containsExactly("on", "two");
    assertThat(gaps)
        .extracting(Finding::message)
        .containsExactly(
            "the records behind the one at [    1.000000] can't be read: printk_log at 0x%x: lost; read on at the buffer's start"
                .formatted(RecordBufferBytes.BUFFER + 224),
            "a record can't be read, the one at [    1.000000]: text at 0x%x: lost"
                .formatted(RecordBufferBytes.BUFFER + 218));
  }

  @Test
  void anAbsurdBufferSizeIsRefused() {
    new RecordBufferBytes(dump, "printk_log", 0x7fff_ffff, false).first(0);

    assertThatThrownBy(this::texts).hasMessageContaining("log_buf_len at 0x");
  }
}
