package org.vmcore.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.DumpBuilder.pattern;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
import org.vmcore.io.ByteSource;
import org.vmcore.io.ByteSourceContract;
import org.vmcore.open.Spill;
import org.vmcore.testing.Flattened;

/** Flattened files, whole and damaged. */
class FlattenedSourceTest extends FlattenedFile {
  /** A record of ones: a read that ends with a zero has more to look at. */
  private final byte[] one = ones();

  private static byte[] ones() {
    byte[] ones = new byte[0x10000];
    Arrays.fill(ones, (byte) 1);
    return ones;
  }

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

  @Test
  void betweenRecordsIsAHole() throws Exception {
    Path file =
        Files.write(
            dir.resolve("file"), new Flattened().record(0, one).record(1L << 40, one).end());
    try (ByteSource source =
        Envelopes.open(ByteSource.open(file), Spill.DEFAULT, new ArrayList<>())) {
      assertThat(source.nextData(0)).isZero();
      assertThat(source.nextData(one.length)).isEqualTo(1L << 40);
      assertThat(source.nextData((1L << 40) + 1)).isEqualTo((1L << 40) + 1);
    }
  }

  @Test
  void recordsThatTheFileWasCutByAreLost() throws Exception {
    Path file =
        Files.write(dir.resolve("file"), new Flattened().record(0x20000, one).record(0, one).end());
    try (ByteSource source =
            Envelopes.open(ByteSource.open(file), Spill.DEFAULT, new ArrayList<>());
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(
          Flattened.HEADER_SIZE + 2 * Flattened.RECORD_HEADER_SIZE + one.length + 0x1234);

      assertThat(ByteSourceContract.read(source, 0, one.length)).hasSize(0x1234);
      assertThat(source.available(0, 0x20000)).isEqualTo(0x1234);
      assertThat(source.spanAt(0x1234)).isEqualTo(new ByteSource.Span(0x1234, one.length, false));
      assertThat(source.lossAt(0x1234).orElseThrow().message())
          .isEqualTo("the file was truncated while it was open");
      assertThat(source.available(one.length, 0x20000)).isEqualTo(0x20000);
      assertThat(ByteSourceContract.read(source, 0x20000, one.length)).isEqualTo(one);
    }
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
}
