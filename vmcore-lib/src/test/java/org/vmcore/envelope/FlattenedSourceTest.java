package org.vmcore.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.testing.DumpBuilder.pattern;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.io.ByteSource;
import org.vmcore.io.ByteSourceContract;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.Spill;
import org.vmcore.testing.Flattened;

/** Flattened files, whole and damaged. */
class FlattenedSourceTest {
  private static final int FIRST = Flattened.HEADER_SIZE;

  @TempDir Path dir;
  private final List<Finding> findings = new ArrayList<>();

  abstract static class Contract extends ByteSourceContract {
    @Override
    protected ByteSource open(byte[] bytes) throws IOException {
      Path file = Files.write(folder().resolve("file"), flat(bytes));
      return Envelopes.open(ByteSource.open(file), Spill.DEFAULT, new ArrayList<>());
    }

    /** In pieces of odd sizes, in any order. */
    private static byte[] flat(byte[] bytes) {
      List<Integer> starts = new ArrayList<>();
      for (int at = 0; at < bytes.length; at += 0x3331) {
        starts.add(at);
      }
      Collections.shuffle(starts, new Random(1));
      Flattened file = new Flattened();
      for (int at : starts) {
        file.record(at, Arrays.copyOfRange(bytes, at, Math.min(at + 0x3331, bytes.length)));
      }
      return file.end();
    }

    @Override
    @Test
    @Disabled("an empty file has no record")
    protected void anEmptyFileIsASource() {}
  }

  @Nested
  class OfAMappedFile extends Contract {
    @Override
    protected Path folder() {
      return dir;
    }
  }

  @Nested
  class OfAFileReadPieceByPiece extends Contract {
    private final FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix());

    @Override
    protected Path folder() {
      return jimfs.getPath("/");
    }

    @AfterEach
    void closeFileSystem() throws IOException {
      jimfs.close();
    }
  }

  private ByteSource open(byte[] file) throws IOException {
    return Envelopes.open(
        ByteSource.open(Files.write(dir.resolve("flat"), file)), Spill.DEFAULT, findings);
  }

  private static byte[] all(ByteSource source) throws IOException {
    return ByteSourceContract.read(source, 0, (int) source.size());
  }

  private void assertReads(Flattened file, int... bytes) throws IOException {
    byte[] expected = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      expected[i] = (byte) bytes[i];
    }
    try (ByteSource source = open(file.end())) {
      assertThat(all(source)).isEqualTo(expected);
      assertThat(findings).isEmpty();
      for (int from = 0; from < bytes.length; from++) {
        assertThat(ByteSourceContract.read(source, from, bytes.length))
            .isEqualTo(Arrays.copyOfRange(expected, from, bytes.length));
      }
    }
  }

  private void assertRefused(byte[] file, String message) {
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(VmcoreException.class)
        .hasMessage(dir.resolve("flat") + ": " + message);
  }

  @Test
  void recordsInOrder() throws Exception {
    assertReads(
        new Flattened().record(0, (byte) 1, (byte) 2).record(2, (byte) 3).record(3, (byte) 4),
        1,
        2,
        3,
        4);
  }

  @Test
  void recordsInAnyOrder() throws Exception {
    assertReads(
        new Flattened()
            .record(4, (byte) 5)
            .record(0, (byte) 1, (byte) 2)
            .record(3, (byte) 4)
            .record(2, (byte) 3),
        1,
        2,
        3,
        4,
        5);
  }

  @Test
  void whatNoRecordWritesIsZeros() throws Exception {
    assertReads(new Flattened().record(6, (byte) 7).record(2, (byte) 3), 0, 0, 3, 0, 0, 0, 7);
  }

  @Test
  void aRecordWrittenAgainWins() throws Exception {
    assertReads(
        new Flattened()
            .record(0, (byte) 1, (byte) 1)
            .record(2, (byte) 2)
            .record(0, (byte) 3, (byte) 3),
        3,
        3,
        2);
  }

  @Test
  void aLaterRecordInTheMiddleOfAnotherWins() throws Exception {
    assertReads(
        new Flattened()
            .record(0, (byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 5)
            .record(2, (byte) 9),
        1,
        2,
        9,
        4,
        5);
  }

  @Test
  void anEarlierRecordInTheMiddleOfAnotherIsGone() throws Exception {
    assertReads(
        new Flattened().record(2, (byte) 9).record(0, (byte) 1, (byte) 2, (byte) 3, (byte) 4),
        1,
        2,
        3,
        4);
  }

  @Test
  void overlappingHeadsAndTails() throws Exception {
    assertReads(
        new Flattened()
            .record(2, (byte) 3, (byte) 3, (byte) 3)
            .record(0, (byte) 1, (byte) 1, (byte) 1)
            .record(4, (byte) 5, (byte) 5, (byte) 5),
        1,
        1,
        1,
        3,
        5,
        5,
        5);
  }

  @Test
  void emptyRecordsAreNothing() throws Exception {
    assertReads(new Flattened().record(77).record(0, (byte) 1).record(0).record(1, (byte) 2), 1, 2);
  }

  @Test
  void whatIsBehindTheEndRecordDoesNotCount() throws Exception {
    Flattened file = new Flattened().record(0, (byte) 1).header(-1, -1).record(0, (byte) 2);
    assertReads(file, 1);
  }

  /** Against an array that is simply written to. */
  @Test
  void anyRecords() throws Exception {
    Random random = new Random(7);
    for (int round = 0; round < 300; round++) {
      int space = 1 + random.nextInt(200);
      byte[] expected = new byte[400];
      int end = 0;
      Flattened file = new Flattened();
      for (int i = random.nextInt(40); i >= 0; i--) {
        byte[] bytes = new byte[1 + random.nextInt(round % 2 == 0 ? 5 : 150)];
        random.nextBytes(bytes);
        int at = random.nextInt(space);
        System.arraycopy(bytes, 0, expected, at, bytes.length);
        end = Math.max(end, at + bytes.length);
        file.record(at, bytes);
      }
      try (ByteSource source = open(file.end())) {
        assertThat(all(source)).isEqualTo(Arrays.copyOf(expected, end));
      }
    }
  }

  /** Each record overlaps all others, or is one of as many as fit: no quadratic time. */
  @Test
  @Timeout(value = 20, unit = TimeUnit.SECONDS)
  void hostileOverlaps() throws Exception {
    int count = 300_000;
    Records nested = new Records();
    Records same = new Records();
    Records stairs = new Records();
    for (int i = 0; i < count; i++) {
      nested.add(count - i, i * 10L, 2L * i + 1);
      same.add(5, i * 10L, 7);
      stairs.add(count - i, i * 10L, count);
    }
    assertThat(nested.settled().count()).isEqualTo(1);
    assertThat(same.settled().count()).isEqualTo(1);
    Records settled = stairs.settled();
    assertThat(settled.count()).isEqualTo(count);
    assertThat(settled.target(0)).isEqualTo(1);
    assertThat(settled.size(0)).isEqualTo(count);
    assertThat(settled.file(1)).isEqualTo((count - 2) * 10L + count - 1);
  }

  @Test
  void aRecordFarAwayMakesALargeFile() throws Exception {
    try (ByteSource source =
        open(new Flattened().record((1L << 56) - 1, (byte) 7).record(0, (byte) 1).end())) {
      assertThat(source.size()).isEqualTo(1L << 56);
      assertThat(ByteSourceContract.read(source, (1L << 56) - 3, 9)).containsExactly(0, 0, 7);
      assertThat(source.available(0, Long.MAX_VALUE)).isEqualTo(1L << 56);
    }
  }

  @Test
  void envelopesInEnvelopes() throws Exception {
    byte[] twice = Flattened.of(Flattened.of(pattern(0, 10_000), 333), 777);
    try (ByteSource source = open(twice)) {
      assertThat(source.envelopes()).containsExactly("flattened", "flattened");
      assertThat(all(source)).isEqualTo(pattern(0, 10_000));
      assertThat(source.name()).isEqualTo(dir.resolve("flat").toString());
      assertThat(source.mapped()).isEmpty();
      assertThat(source.fileKey()).isEmpty();
    }
  }

  @Test
  void fourEnvelopesAreEnough() throws Exception {
    byte[] file = pattern(0, 10);
    for (int i = 0; i < 4; i++) {
      file = Flattened.of(file, 9999);
    }
    open(file).close();
    assertRefused(
        Flattened.of(file, 9999),
        "more than 4 envelopes: [flattened, flattened, flattened, flattened]");
  }

  @Test
  void anotherFileIsItself() throws Exception {
    for (String other : List.of("", "makedumpfile", "makedumpfile2")) {
      try (ByteSource source = open(other.getBytes(UTF_8))) {
        assertThat(source.envelopes()).isEmpty();
      }
    }
  }

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
