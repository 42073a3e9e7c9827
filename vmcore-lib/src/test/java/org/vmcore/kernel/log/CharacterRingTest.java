package org.vmcore.kernel.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.Vmcore;
import org.vmcore.elf.ElfClass;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Finding;
import org.vmcore.testing.CharacterRingBytes;
import org.vmcore.testing.KernelDump;

/** The ring of characters before 3.5. */
class CharacterRingTest extends LogTest {
  private CharacterRingBytes ring(int size) {
    return new CharacterRingBytes(dump, size);
  }

  private String all() {
    StringBuilder all = new StringBuilder();
    for (LogRecord each : records) {
      all.append(new String(each.plain().orElseThrow().bytes(), StandardCharsets.UTF_8));
    }
    return all.toString();
  }

  @Test
  void linesHaveLevelAndTime() throws Exception {
    ring(256).add("<5>[    1.500000] Linux version\n<30>[123456.000001] systemd: [x]\n");

    assertThat(texts()).containsExactly("Linux version", "systemd: [x]");
    assertThat(records.get(0).level()).isEqualTo(5);
    assertThat(records.get(0).nanoseconds()).isEqualTo(3 * SECOND / 2);
    assertThat(records.get(1).level()).isEqualTo(6);
    assertThat(records.get(1).facility()).isEqualTo(3);
    assertThat(records.get(1).nanoseconds()).isEqualTo(123456 * SECOND + 1000);
    assertThat(records).allMatch(each -> each.isLeveled() && each.isTimed());
    assertThat(gaps).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"no level", "<>x", "<6 x", "[drm] x", "[ 1.5] x", "[ 1.500000 x", "[", "<", "[ "})
  void whatIsNoLevelAndNoTimeIsText(String line) throws Exception {
    ring(64).add(line + "\n");

    assertThat(texts()).containsExactly(line);
    assertThat(records.getFirst().isLeveled()).isFalse();
    assertThat(records.getFirst().isTimed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 63, 64, 65, 100, 128})
  void theNewestCharactersAreThere(int count) throws Exception {
    String text = "<6>abcdefghijkl\n".repeat(8).substring(0, count);
    ring(64).add(text);

    texts();

    assertThat(all()).isEqualTo(text.substring(Math.max(0, count - 64)));
  }

  @Test
  void theRingsSizeNeedNotBeAPowerOfTwo() throws Exception {
    ring(50).add("<6>abcdefghijkl\n".repeat(8));

    texts();

    assertThat(all()).isEqualTo("<6>abcdefghijkl\n".repeat(8).substring(78));
  }

  @Test
  void whatWasNeverWrittenIsNoText() throws Exception {
    ring(64).add(new byte[60]).add("<6>over the end\n");

    assertThat(texts()).containsExactly("over the end");
  }

  @Test
  void anEmptyLogHasNoLines() throws Exception {
    ring(64);

    assertThat(texts()).isEmpty();
    assertThat(gaps).isEmpty();
  }

  @Test
  void aLineWithoutEndIsSplit() throws Exception {
    ring(1 << 18).add("<6>" + "x".repeat(0x18000) + "\n<5>next\n");

    assertThat(texts()).hasSize(3);
    assertThat(records.get(0).level()).isEqualTo(6);
    assertThat(records.get(1).isContinuation()).isTrue();
    assertThat(records.get(1).isLeveled()).isFalse();
    assertThat(records.get(2).level()).isEqualTo(5);
    assertThat(all()).hasSize(0x18000 + 4 + 8);
  }

  @Test
  void whatIsLostOfItIsPassedOver() throws Exception {
    ring(0x3000).add("<6>[    1.000000] first\n" + "x".repeat(0x3000));
    dump.lostFrom(CharacterRingBytes.BUFFER + 0x1000);

    texts();

    hasGap(
        Finding.Severity.ERROR,
        "a record can't be read, at the log's start: log_buf at 0x%x: lost"
            .formatted(CharacterRingBytes.BUFFER + 0x1000));
    assertThat(records).hasSize(2); // in front of it, and from the start of the ring on
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, (1 << 30) + 1})
  void aSizeThatCantBeIsRefused(int size) {
    ring(64).add("x\n");
    dump.u32(CharacterRingBytes.VARIABLES + 8, size);

    assertThatThrownBy(this::texts)
        .hasMessageContaining("log_buf_len at 0x")
        .hasMessageContaining(": not from 1 to ");
  }

  @ParameterizedTest
  @MethodSource("machines")
  void ringsOfOtherMachines(ElfClass elfClass, ByteOrder order) throws Exception {
    dump = new KernelDump(elfClass, order);
    ring(64).add("<6>one\n<4>two\n");

    assertThat(texts()).containsExactly("one", "two");
  }

  @Test
  void thePanicIsFound() throws Exception {
    ring(256).add("<5>x\n<0>[    2.000000] Kernel panic - not syncing: Fatal\n");

    try (Vmcore vmcore = Vmcore.open(dump.dump().writeTo(folder.resolve("vmcore")))) {
      assertThat(Kernel.of(vmcore).log().panic()).contains("Kernel panic - not syncing: Fatal");
    }
  }
}
