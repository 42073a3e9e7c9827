package org.vmcore.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.testing.DumpBuilder.pattern;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.io.ByteSource;
import org.vmcore.io.ByteSourceContract;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.Flattened;

/** Flattened files that are damaged or cut. */
class FlattenedDamageTest extends FlattenedFile {
  private static final int FIRST = Flattened.HEADER_SIZE;

  @ParameterizedTest
  @CsvSource({
    "2, 1, offset 0x10: flattened: type is 2; not 1",
    "0, 1, offset 0x10: flattened: type is 0; not 1",
    "-1, 1, offset 0x10: flattened: type is 18446744073709551615; not 1",
    "1, 2, offset 0x18: flattened: version is 2; not 1",
    "1, 0x100000000000000, offset 0x18: flattened: version is 72057594037927936; not 1"
  })
  void anotherTypeOrVersion(String type, String version, String message) {
    byte[] file = new Flattened(Long.decode(type), Long.decode(version)).record(0, (byte) 1).end();
    assertRefused(file, message.replace(';', ','));
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 5",
    "5, -1",
    "-2, -1",
    "-9223372036854775808, 1",
    "1, -9223372036854775808",
    "9223372036854775807, 1",
    "1, 9223372036854775807",
    "72057594037927936, 1",
    "2, 72057594037927935"
  })
  void aRecordThatCantBeEndsTheWalk(long offset, long size) throws Exception {
    Flattened file = new Flattened().record(0, (byte) 1, (byte) 2).header(offset, size);
    try (ByteSource source = open(file.record(2, (byte) 3).end())) {
      assertThat(all(source)).containsExactly(1, 2);
    }
    assertThat(findings)
        .containsExactly(
            Finding.error(
                "flattened",
                FIRST + 18,
                "the flattened file is damaged at 0x1012: no record: offset 0x"
                    + Long.toHexString(offset)
                    + ", size 0x"
                    + Long.toHexString(size)
                    + "; the 1 whole records before are read"));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1L << 63, 1L << 60})
  void aFirstRecordThatCantBeLeavesNothingToRead(long size) {
    assertRefused(
        new Flattened().header(0, size).cut(),
        "offset 0x1000: flattened: no record: offset 0x0, size 0x" + Long.toHexString(size));
  }

  @Test
  void aFileWithoutARecord() {
    assertRefused(new Flattened().end(), "offset 0x1000: flattened: there is no record in it");
    assertRefused(
        new Flattened().record(7).end(), "offset 0x1010: flattened: there is no record in it");
  }

  /** Two records, the second one before the first, and a gap between them. */
  private static Flattened small() {
    return new Flattened().record(20, pattern(20, 9)).record(3, pattern(3, 7));
  }

  @Test
  void cutAtEveryByte() throws Exception {
    byte[] whole = small().end();
    int second = FIRST + 16 + 9;
    int end = second + 16 + 7;
    for (int size = 13; size < whole.length; size += size < FIRST - 100 ? 50 : 1) {
      findings.clear();
      byte[] cut = Arrays.copyOf(whole, size);
      if (size < second) {
        assertThatThrownBy(() -> open(cut))
            .isInstanceOf(VmcoreException.class)
            .hasMessageContaining("flattened: ");
        continue;
      }
      try (ByteSource source = open(cut)) {
        assertThat(source.size()).isEqualTo(29);
        assertThat(ByteSourceContract.read(source, 20, 99)).isEqualTo(pattern(20, 9));
        assertThat(ByteSourceContract.read(source, 3, 99))
            .isEqualTo(size < end ? new byte[0] : pattern(3, 7));
        assertThat(findings).hasSize(1);
        assertThat(findings.getFirst().offset()).hasValue(size < end ? second : end);
        assertThat(findings.getFirst().severity()).isEqualTo(Finding.Severity.ERROR);
      }
    }
  }

  @Test
  void whatACutFileHasNotWrittenIsLost() throws Exception {
    try (ByteSource source = open(small().cut())) {
      assertThat(findings.getFirst().message())
          .isEqualTo(
              "the flattened file is damaged at 0x1030: it ends without the end record;"
                  + " the 2 whole records before are read");
      assertThat(source.available(0, 5)).isZero();
      assertThat(source.available(3, 99)).isEqualTo(7);
      assertThat(source.available(9, 1)).isEqualTo(1);
      assertThat(source.available(10, 1)).isZero();
      assertThat(source.available(19, 1)).isZero();
      assertThat(source.available(20, 99)).isEqualTo(9);
      assertThat(source.available(29, 99)).isZero();
      assertThat(source.available(Long.MAX_VALUE, 99)).isZero();
      assertThat(ByteSourceContract.read(source, 5, 99)).isEqualTo(pattern(5, 5));
      assertThat(ByteSourceContract.read(source, 12, 99)).isEmpty();
      assertThat(source.spanAt(0)).isEqualTo(new ByteSource.Span(0, 3, false));
      assertThat(source.spanAt(5)).isEqualTo(new ByteSource.Span(3, 10, true));
      assertThat(source.spanAt(10)).isEqualTo(new ByteSource.Span(10, 20, false));
      assertThat(source.spanAt(28)).isEqualTo(new ByteSource.Span(20, 29, true));
      assertThat(source.spanAt(29)).isEqualTo(new ByteSource.Span(29, Long.MAX_VALUE, false));
      assertThat(source.lost(0, 29)).isEqualTo(13);
      assertThat(source.lost(2, 10)).isEqualTo(3);
      assertThat(source.lost(20, 9)).isZero();
      assertThat(source.lost(25, 10)).isEqualTo(6);
      assertThat(source.lost(40, 10)).isEqualTo(10);
    }
  }

  @Test
  void neighboursOfACutFileAreOneSpan() throws Exception {
    Flattened file = new Flattened().record(5, pattern(5, 5)).record(0, pattern(0, 5));
    try (ByteSource source = open(file.cut())) {
      assertThat(source.spanAt(7)).isEqualTo(new ByteSource.Span(0, 10, true));
      assertThat(source.available(0, 99)).isEqualTo(10);
    }
  }

  @Test
  void whatTheOuterFileHasLostEndsTheInnerOne() throws Exception {
    byte[] inner = Flattened.of(pattern(0, 3000), 500);
    Flattened outer = new Flattened();
    outer.record(0, Arrays.copyOf(inner, 6000));
    outer.record(6500, Arrays.copyOfRange(inner, 6500, inner.length));
    try (ByteSource source = open(outer.cut())) {
      assertThat(source.size()).isEqualTo(1500);
      assertThat(all(source)).isEqualTo(pattern(0, 1500));
      assertThat(findings).hasSize(2);
    }
  }
}
