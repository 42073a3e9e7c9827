package org.vmcore.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

/**
 * zlib streams of level 1, which we make ourselves; what is in them is in RFC 1950 and RFC 1951.
 */
class DeflateEncoderTest extends EncoderContract {
  private static final int BLOCK = 1 << 15;

  DeflateEncoderTest() {
    super(Compression.ZLIB);
  }

  private void requireStream(byte[] raw, String stream) throws MalformedException {
    assertThat(roundTrip.inAnyRoom(raw))
        .asHexString()
        .isEqualToIgnoringCase(stream.replace(" ", ""));
  }

  /** Requires that java.util.zip gives {@code raw} again, and reads all; the size of the stream. */
  private int requireInflates(byte[] raw) throws Exception {
    byte[] stream = roundTrip.of(raw);
    byte[] inflated = new byte[raw.length + 1];
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(stream);
      assertThat(inflater.inflate(inflated)).isEqualTo(raw.length);
      assertThat(inflater.finished()).isTrue();
      assertThat(inflater.getRemaining()).isZero();
    }
    assertThat(Arrays.mismatch(inflated, 0, raw.length, raw, 0, raw.length)).isEqualTo(-1);
    return stream.length;
  }

  private static int deflated(byte[] raw) {
    try (Deflater deflater = new Deflater(1)) {
      deflater.setInput(raw);
      deflater.finish();
      return deflater.deflate(new byte[raw.length + 64]);
    }
  }

  @Test
  void nothingIsAFixedBlock() throws Exception {
    requireStream(new byte[0], "78 01 03 00 00 00 00 01");
  }

  @Test
  void fewBytesAreAFixedBlock() throws Exception {
    requireStream("a".getBytes(StandardCharsets.US_ASCII), "78 01 4b 04 00 00 62 00 62");
    // 'a', then a match of 9 at distance 1.
    requireStream(
        "a".repeat(10).getBytes(StandardCharsets.US_ASCII), "78 01 4b 84 03 00 14 e1 03 cb");
  }

  @Test
  void bytesThatNothingMakesSmallerAreStored() throws Exception {
    byte[] stream = roundTrip.of(Contents.random(2 * BLOCK + 1000));
    assertThat(stream).hasSize(2 + 3 * 5 + 2 * BLOCK + 1000 + 4);
    assertThat(Arrays.copyOf(stream, 7)).asHexString().isEqualTo("7801000080FF7F");
    assertThat(Arrays.copyOfRange(stream, 7 + BLOCK, 12 + BLOCK))
        .asHexString()
        .isEqualTo("000080FF7F");
    assertThat(Arrays.copyOfRange(stream, 12 + 2 * BLOCK, 17 + 2 * BLOCK))
        .asHexString()
        .isEqualTo("01E80317FC");
  }

  @Test
  void everySize() throws Exception {
    for (int size = 0; size <= 600; size++) {
      for (byte[] raw : Contents.ofSize(size)) {
        requireInflates(raw);
      }
    }
  }

  @Test
  void sizesAroundThoseOfBlocks() throws Exception {
    for (int blocks : new int[] {1, 2, 32}) {
      for (int more = -9; more <= 9; more += 3) {
        for (byte[] raw : Contents.ofSize(blocks * BLOCK + more)) {
          requireInflates(raw);
        }
      }
    }
  }

  @Test
  void everyLengthAndDistance() throws Exception {
    for (int size = 3; size <= 300; size++) {
      requireInflates(Contents.match(300, size, 20));
    }
    for (int distance = 1; distance <= BLOCK; distance += distance < 600 ? 1 : 509) {
      requireInflates(Contents.match(distance, 3 + distance % 60, 20));
    }
  }

  @Test
  void matchesReachBackIntoTheBlockBefore() throws Exception {
    // 300 bytes twice, in zeros.
    byte[] bytes = Contents.random(300);
    for (int distance : new int[] {400, BLOCK - 1, BLOCK, BLOCK + 1}) {
      byte[] raw = new byte[3 * BLOCK];
      System.arraycopy(bytes, 0, raw, 2 * BLOCK + 50, bytes.length);
      System.arraycopy(bytes, 0, raw, 2 * BLOCK + 50 - distance, bytes.length);
      int size = requireInflates(raw);
      if (distance <= BLOCK) {
        assertThat(size).isLessThan(600);
      } else {
        assertThat(size).isGreaterThan(600);
      }
    }
  }

  @Test
  void alphabetsOfEverySize() throws Exception {
    Random random = new Random(3);
    for (int symbols = 1; symbols <= 256; symbols++) {
      byte[] raw = new byte[4096];
      for (int i = 0; i < raw.length; i++) {
        raw[i] = (byte) random.nextInt(symbols);
      }
      requireInflates(raw);
    }
  }

  @Test
  void everyLiteralAndLengthAndDistanceInOneBlock() throws Exception {
    // All literals, then matches of each length at ever other distances.
    byte[] random = Contents.random(BLOCK);
    byte[] raw = new byte[BLOCK];
    for (int i = 0; i < 256; i++) {
      raw[i] = (byte) i;
    }
    int at = 256;
    for (int size = 3; at + size < raw.length; size = size == 258 ? 3 : size + 1) {
      int distance = Math.min(at, 1 + ((size * size * 7919 & 0x7fff) >>> (size & 15)));
      for (int i = 0; i < size; i++) {
        raw[at + i] = raw[at + i - distance];
      }
      at += size;
      raw[at] = random[at];
      at++;
    }
    requireInflates(raw);
  }

  @Test
  void skewedFrequencies() throws Exception {
    // Fibonacci's numbers make the deepest trees; shuffled, so that next to nothing matches.
    byte[] raw = new byte[BLOCK];
    int at = 0;
    int symbol = 0;
    for (int a = 1, b = 1; at < raw.length; symbol++) {
      int end = Math.min(raw.length, at + a);
      Arrays.fill(raw, at, end, (byte) symbol);
      at = end;
      b += a;
      a = b - a;
    }
    assertThat(symbol).isGreaterThan(20);
    Random random = new Random(5);
    for (int i = raw.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      byte swapped = raw[i];
      raw[i] = raw[other];
      raw[other] = swapped;
    }
    requireInflates(raw);
  }

  @Test
  void everyRoomForAPage() throws Exception {
    byte[] raw = Samples.raw("page");
    int size = roundTrip.of(raw).length;
    byte[] target = new byte[size + 8];
    for (int limit = 1; limit <= size + 1; limit++) {
      Arrays.fill(target, (byte) 0x5a);
      assertThat(compressor.compress(raw, 0, raw.length, target, 0, limit))
          .isEqualTo(limit > size ? size : 0);
      for (int i = limit; i < target.length; i++) {
        assertThat(target[i]).isEqualTo((byte) 0x5a);
      }
    }
  }

  @Test
  void isAboutAsSmallAsWhatZlibMakes() throws Exception {
    int ours = 0;
    int zlibs = 0;
    for (String name : Samples.NAMES) {
      byte[] raw = Samples.raw(name);
      ours += requireInflates(raw);
      zlibs += deflated(raw);
    }
    assertThat(ours).isLessThan(zlibs * 103 / 100);
  }
}
