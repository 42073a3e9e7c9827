package org.vmcore.format.kdump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.envelope.Envelopes;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.Spill;
import org.vmcore.testing.Flattened;

/** Both bitmaps against two {@link BitSet}s of the same bits. */
class PageMapTest {
  private static final int BLOCK = 4096;
  private static final int OFFSET = 2 * BLOCK;

  @TempDir Path dir;

  static KdumpHeader header(long bitmapBlocks) {
    return new KdumpHeader(
        KdumpLayout.LE64, 6, "", 0, 0, 0, BLOCK, 1, bitmapBlocks, 0, 0, 0, 0, 0, 0);
  }

  /** A file of {@code size} bytes with the bitmaps where {@code header} says. */
  static ByteSource file(Path path, KdumpHeader header, long size, BitSet... bitmaps)
      throws IOException {
    byte[] file = new byte[OFFSET + (int) header.bitmapBlocks() * BLOCK];
    int at = OFFSET;
    for (BitSet bitmap : bitmaps) {
      byte[] bytes = bitmap.toByteArray();
      System.arraycopy(bytes, 0, file, at, bytes.length);
      at += (int) header.bitmapBlocks() * BLOCK / bitmaps.length;
    }
    return ByteSource.open(
        Files.write(path, Arrays.copyOf(file, (int) Math.min(size, file.length))));
  }

  /** What the bitmaps say, bit for bit. */
  private record Model(BitSet exists, BitSet dumped, long knownExists, long knownDumped) {
    PageMap.Kind kind(int pfn) {
      if (pfn >= knownExists) {
        return PageMap.Kind.UNKNOWN;
      }
      if (!exists.get(pfn) && (pfn >= knownDumped || !dumped.get(pfn))) {
        return PageMap.Kind.ABSENT;
      }
      if (pfn >= knownDumped) {
        return PageMap.Kind.UNKNOWN;
      }
      return dumped.get(pfn) ? PageMap.Kind.DUMPED : PageMap.Kind.EXCLUDED;
    }

    /** Whether the file ends in a bitmap before {@code pfn}; no run goes on there. */
    boolean ends(int pfn) {
      return pfn == knownExists || pfn == knownDumped;
    }
  }

  private static void assertSame(PageMap map, Model model, int end) throws VmcoreException {
    int changed = 0;
    for (int pfn = 0; pfn < end; pfn++) {
      PageMap.Kind kind = model.kind(pfn);
      assertThat(map.kind(pfn)).as("%s", pfn).isEqualTo(kind);
      if (pfn > 0 && (model.kind(pfn - 1) != kind || model.ends(pfn))) {
        assertRun(map, changed, pfn, end);
        changed = pfn;
      }
    }
    if (end > 0) {
      assertRun(map, changed, end, end);
    }
  }

  /** The page frames from {@code from} to {@code to} are alike, and those around them aren't. */
  private static void assertRun(PageMap map, int from, int to, int end) throws VmcoreException {
    for (int pfn : new int[] {from, (from + to) >>> 1, to - 1}) {
      assertThat(map.runEnd(pfn, end)).as("from %s", pfn).isEqualTo(to);
      assertThat(map.runEnd(pfn, Long.MAX_VALUE)).as("from %s", pfn).isEqualTo(to);
      assertThat(map.runEnd(pfn, pfn + 1)).isEqualTo(pfn + 1L);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "64, 2", "5000, 2", "32768, 2", "32769, 4", "100001, 8"})
  void twoBitmaps(int end, int blocks) throws Exception {
    KdumpHeader header = header(blocks);
    for (int seed = 0; seed < 5; seed++) {
      BitSet exists = BitmapTest.random(new Random(seed), end);
      BitSet dumped = BitmapTest.random(new Random(seed + 99), end);
      if (seed > 0) { // in a sane dump what was dumped exists
        dumped.and(exists);
      }
      try (ByteSource file = file(dir.resolve("f"), header, Long.MAX_VALUE, exists, dumped)) {
        PageMap map = PageMap.read(file, header, end);
        assertThat(map.isWhole()).isTrue();
        assertThat(map.end()).isEqualTo(end);
        assertThat(map.dumped()).isEqualTo(dumped.cardinality());
        assertThat(map.rank(end)).isEqualTo(dumped.cardinality());
        assertSame(map, new Model(exists, dumped, end, end), end);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"16385, 1", "32768, 1", "40000, 2"})
  void oneBitmapWhenTheLastPageFrameIsAboveHalfTheBits(int end, int blocks) throws Exception {
    KdumpHeader header = header(blocks);
    BitSet bits = BitmapTest.random(new Random(end), end);
    try (ByteSource file = file(dir.resolve("f"), header, Long.MAX_VALUE, bits)) {
      PageMap map = PageMap.read(file, header, end);
      assertThat(map.dumped()).isEqualTo(bits.cardinality());
      assertSame(map, new Model(bits, bits, end, end), end);
    }
  }

  @Test
  void halfTheBitsAreStillTwoBitmaps() throws Exception {
    KdumpHeader header = header(1);
    BitSet exists = new BitSet();
    exists.set(16383);
    try (ByteSource file = file(dir.resolve("f"), header, Long.MAX_VALUE, exists, new BitSet())) {
      PageMap map = PageMap.read(file, header, 16384);
      assertThat(map.dumped()).isZero();
      assertThat(map.kind(16383)).isEqualTo(PageMap.Kind.EXCLUDED);
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "100", "512", "4095", "4096", "4097", "4200", "5000", "8191"})
  void bitmapsThatTheFileEndsIn(int bytes) throws Exception {
    KdumpHeader header = header(2);
    int end = 32768;
    BitSet exists = BitmapTest.random(new Random(bytes), end);
    BitSet dumped = BitmapTest.random(new Random(bytes + 7), end);
    try (ByteSource file = file(dir.resolve("f"), header, OFFSET + bytes, exists, dumped)) {
      PageMap map = PageMap.read(file, header, end);
      assertThat(map.isWhole()).isFalse();
      long knownExists = Math.min(8L * bytes, end);
      long knownDumped = Math.max(0, 8L * (bytes - BLOCK));
      assertSame(map, new Model(exists, dumped, knownExists, knownDumped), end);
    }
  }

  @Test
  void noPageFrames() throws Exception {
    try (ByteSource file = file(dir.resolve("f"), header(2), Long.MAX_VALUE)) {
      PageMap map = PageMap.read(file, header(2), 0);
      assertThat(map.dumped()).isZero();
      assertThat(map.isWhole()).isTrue();
      assertThat(MemoryRanges.of(map).count()).isZero();
    }
  }

  /** Bitmaps of which a row is in no record of a flattened file that was cut. */
  private ByteSource withHole(byte[] first, byte[] third, boolean inSecondBitmap)
      throws IOException {
    int row = 1 << 20;
    long bitmap = OFFSET + (inSecondBitmap ? 3L * row : 0);
    byte[] cut =
        new Flattened()
            .record(0, new byte[OFFSET])
            .record(inSecondBitmap ? OFFSET : OFFSET + 3L * row, filled(3 * row, -1))
            .record(bitmap, first)
            .record(bitmap + 2L * row, third)
            .cut();
    ByteSource file = ByteSource.open(Files.write(dir.resolve("cut"), cut));
    return Envelopes.open(file, Spill.DEFAULT, new ArrayList<>());
  }

  private static byte[] filled(int size, int value) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatLiesBehindAHoleIsUnknown(boolean inSecondBitmap) throws Exception {
    int row = 1 << 20;
    long bits = 3L * row * Byte.SIZE;
    KdumpHeader header = header(6L * row / BLOCK);
    try (ByteSource file = withHole(filled(row, 0), filled(row, -1), inSecondBitmap)) {
      PageMap map = PageMap.read(file, header, bits);
      assertThat(map.isWhole()).isFalse();
      long behind = 2L * row * Byte.SIZE;
      assertThat(map.kind(behind)).isEqualTo(PageMap.Kind.UNKNOWN);
      for (long pfn = 0; pfn < bits; pfn = map.runEnd(pfn, bits)) {
        assertThat(map.runEnd(pfn, bits)).isGreaterThan(pfn);
        boolean isDumped = map.kind(pfn) == PageMap.Kind.DUMPED;
        assertThat(map.isDumped(pfn) && map.kind(pfn) != PageMap.Kind.UNKNOWN).isEqualTo(isDumped);
      }
      if (inSecondBitmap) {
        assertThat(map.isDumped(behind)).isFalse();
        assertThat(map.dumped()).isZero();
      }
    }
  }
}
