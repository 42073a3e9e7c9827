package org.vmcore.kernel.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.PrintkRingBytes.DESCS;
import static org.vmcore.testing.PrintkRingBytes.INFOS;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.testing.KernelDump;
import org.vmcore.testing.PrintkRingBytes;

/** A log whose parts don't fit together reads as vmcore-dmesg reads it, and is told of. */
class DamagedRingTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int DESC_SIZE = 24;
  private static final int INFO_SIZE = 88;

  @TempDir Path folder;
  private final KernelDump dump = new KernelDump();
  private final List<String> texts = new ArrayList<>();
  private PrintkRingBytes ring;

  @BeforeEach
  void fourRecords() {
    ring = new PrintkRingBytes(dump, 4, 10, 0);
    for (String text : List.of("zero", "one", "two", "three")) {
      ring.add(SECOND, 6, text);
    }
  }

  /** The only thing that is told of; empty when nothing is. */
  private String told() throws Exception {
    try (Vmcore vmcore = Vmcore.open(dump.dump().writeTo(folder.resolve("vmcore")))) {
      List<Finding> gaps =
          Kernel.of(vmcore)
              .log()
              .records(each -> texts.add(new String(each.text(), StandardCharsets.UTF_8)));
      assertThat(gaps).hasSizeLessThan(2).allMatch(each -> each.severity() == Severity.ERROR);
      return gaps.isEmpty() ? "" : gaps.getFirst().message();
    }
  }

  @Test
  void aHeadThatIsBehindTheNewestRecord() throws Exception {
    ring.ids(0, 1);

    assertThat(told()).isEqualTo("the ring's head_id is wrong: 0x2, right behind it, is a record");
    assertThat(texts).containsExactly("zero", "one");
  }

  @Test
  void aTailInFrontOfWhichIsARecord() throws Exception {
    ring.ids(2, 3);

    assertThat(told())
        .isEqualTo("the ring's tail_id is wrong: 0x1, right in front of it, is a record");
    assertThat(texts).containsExactly("two", "three");
  }

  @Test
  void aTextInAnotherRecordsBlock() throws Exception {
    dump.u64(DESCS + 2 * DESC_SIZE + 8, 0).u64(DESCS + 2 * DESC_SIZE + 16, 16);

    assertThat(told())
        .isEqualTo(
            "a record is damaged, seq 2 at [    1.000000]: its text is in another record's block");
    assertThat(texts).containsExactly("zero", "one", "zer", "three");
  }

  @Test
  void aTextLongerThanItsBlock() throws Exception {
    dump.u16(INFOS + INFO_SIZE + 16, 0xffff);

    assertThat(told()).endsWith("its text of 65535 bytes is in a block of 8");
    assertThat(texts).hasSize(4);
  }

  @Test
  void aNumberThatIsNotTheDescriptors() throws Exception {
    dump.u64(INFOS + 2 * INFO_SIZE, 5);

    assertThat(told()).endsWith("its number isn't that of a record in descriptor 0x2");
    assertThat(texts).containsExactly("zero", "one", "two", "three");
  }

  /** Newer texts take the place of the oldest, the descriptors of which are kept. */
  @Test
  void recordsWhoseTextsWereGivenUpAreNoDamage() throws Exception {
    ring.state(0, 3L << 62).state(1, 3L << 62 | 1);

    assertThat(told()).isEmpty();
    assertThat(texts).containsExactly("two", "three");
  }

  @Test
  void aRecordIsDamagedOnce() throws Exception {
    dump.u64(INFOS + 2 * INFO_SIZE, 5).u16(INFOS + 2 * INFO_SIZE + 16, 0xffff);

    assertThat(told()).startsWith("a record is damaged, seq 5 at [    1.000000]: its number");
  }
}
