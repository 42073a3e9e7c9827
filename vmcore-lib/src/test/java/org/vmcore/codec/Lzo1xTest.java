package org.vmcore.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** LZO1X streams; the hand-written ones follow Linux' Documentation/staging/lzo.rst. */
class Lzo1xTest extends CodecContract {
  /** 0 0 0 1 H L L L with distance 16384: the end of the stream. */
  private static final String END = " 11 00 00";

  private static final String TOO_SHORT = "the input ends in an instruction, or before its end";
  private static final String TOO_LONG = "more output than there is room for";

  Lzo1xTest() {
    super(Compression.LZO1X, "lzo1x_1_15", "lzo1x_999");
  }

  private void requireText(String stream, String text) throws MalformedException {
    requireGives(hex(stream), text.getBytes(StandardCharsets.US_ASCII));
  }

  /** A stream of {@code count} literals that are all {@code literal}, without its end. */
  private static byte[] run(int count, int literal) {
    int zeros = (count - 3 - 15 - 1) / 255;
    byte[] stream = new byte[1 + zeros + 1 + count];
    stream[zeros + 1] = (byte) (count - 3 - 15 - 255 * zeros);
    Arrays.fill(stream, zeros + 2, stream.length, (byte) literal);
    return stream;
  }

  private static byte[] join(byte[]... parts) {
    int size = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    byte[] joined = new byte[size];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, joined, at, part.length);
      at += part.length;
    }
    return joined;
  }

  @Test
  void nothingButTheEnd() throws Exception {
    requireText(END, "");
  }

  @Test
  void firstByteAbove20IsLiteralsPlus17() throws Exception {
    requireText("15 61 62 63 64" + END, "abcd");
    byte[] stream = new byte[1 + 238 + 3];
    Arrays.fill(stream, 0, 1 + 238, (byte) 0xff);
    stream[1 + 238] = 0x11;
    byte[] raw = new byte[238];
    Arrays.fill(raw, (byte) 0xff);
    requireGives(stream, raw);
  }

  @Test
  void firstByte18To20IsOneToThreeLiteralsAsBehindAMatch() throws Exception {
    // Behind them 0 0 0 0 D D S S is a match of 2 bytes.
    requireText("12 61 00 00" + END, "aaa");
    requireText("13 61 62 04 00" + END, "abab");
    requireText("14 61 62 63 09 00 7a" + END, "abcabz");
  }

  @Test
  void firstByteUpTo15IsARunOfLiterals() throws Exception {
    requireText("01 61 62 63 64" + END, "abcd");
    requireText("0f" + " 61".repeat(18) + END, "a".repeat(18));
  }

  @Test
  void longRunOfLiterals() throws Exception {
    requireText("00 01" + " 61".repeat(19) + END, "a".repeat(19));
    requireText("00 ff" + " 61".repeat(273) + END, "a".repeat(273));
    requireText("00 00 01" + " 61".repeat(274) + END, "a".repeat(274));
  }

  @Test
  void shortMatchBehindARunBegins2KibBack() throws Exception {
    // 0 0 0 0 D D S S | H: 3 bytes, distance (H << 2) + D + 2049; D = 1, H = 2, S = 1
    byte[] raw = new byte[2100 + 4];
    Arrays.fill(raw, 0, 2100, (byte) 'x');
    byte[] stream = run(2100, 'x');
    int from = 2100 - 2058;
    for (int i = 0; i < 3; i++) {
      stream[stream.length - 2100 + from + i] = (byte) ('a' + i);
      raw[from + i] = (byte) ('a' + i);
      raw[2100 + i] = (byte) ('a' + i);
    }
    raw[2103] = 'z';
    requireGives(join(stream, hex("05 02 7a" + END)), raw);
  }

  @Test
  void matchOf3Or4BytesUpTo2KibBack() throws Exception {
    // 0 1 L D D D S S | H: distance (H << 3) + D + 1
    requireText("15 61 62 63 64 4c 00" + END, "abcdabc");
    requireText("15 61 62 63 64 6e 00 79 7a" + END, "abcdabcdyz");
    requireText("1a 61 62 63 64 65 66 67 68 69 60 01" + END, "abcdefghi" + "abcd");
  }

  @Test
  void matchOf5To8BytesUpTo2KibBack() throws Exception {
    // 1 L L D D D S S | H
    requireText("1a 61 62 63 64 65 66 67 68 69 80 01" + END, "abcdefghiabcde");
    requireText("1a 61 62 63 64 65 66 67 68 69 a0 01" + END, "abcdefghiabcdef");
    requireText("1a 61 62 63 64 65 66 67 68 69 c0 01" + END, "abcdefghiabcdefg");
    requireText("1a 61 62 63 64 65 66 67 68 69 e3 01 78 79 7a" + END, "abcdefghiabcdefghxyz");
  }

  @Test
  void overlappingMatchRepeatsTheBytesBetween() throws Exception {
    for (int distance = 1; distance <= 9; distance++) {
      String bytes = "abcdefghi".substring(0, distance);
      String literals = "%02x".formatted(17 + distance) + hexOf(bytes);
      String operand = " %02x 00".formatted((distance - 1) << 2);
      for (int behind : new int[] {0, 100}) {
        String rest = behind == 0 ? END : " 00 52" + " 7a".repeat(behind) + END;
        // 0 0 1 L L L L L | (0)* L | D S: of 6, 33 and 133 bytes
        requireText(literals + "24" + operand + rest, repeat(bytes, 6) + "z".repeat(behind));
        requireText(literals + "3f" + operand + rest, repeat(bytes, 33) + "z".repeat(behind));
        requireText(literals + "20 64" + operand + rest, repeat(bytes, 133) + "z".repeat(behind));
      }
    }
  }

  /** {@code bytes} and {@code more} of them again. */
  private static String repeat(String bytes, int more) {
    return bytes.repeat(1 + more).substring(0, bytes.length() + more);
  }

  private static String hexOf(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void matchUpTo16KibBack() throws Exception {
    // 0 0 1 L L L L L | D D D D D D S S | D D D D D D D D: distance D + 1, here the most, 16384
    byte[] raw = new byte[16400 + 8 + 2];
    Arrays.fill(raw, 0, 16400, (byte) 'x');
    byte[] stream = run(16400, 'x');
    Arrays.fill(raw, 16, 24, (byte) 'm');
    Arrays.fill(stream, stream.length - 16400 + 16, stream.length - 16400 + 24, (byte) 'm');
    Arrays.fill(raw, 16400, 16408, (byte) 'm');
    Arrays.fill(raw, 16408, 16410, (byte) 'z');
    requireGives(join(stream, hex("26 fe ff 7a 7a" + END)), raw);
  }

  @Test
  void matchUpTo48KibBack() throws Exception {
    // 0 0 0 1 H L L L | D D D D D D S S | D D D D D D D D: distance 16384 + (H << 14) + D
    for (int high = 0; high <= 1; high++) {
      int distance = 16384 + (high << 14) + 16383;
      byte[] raw = new byte[distance + 20 + 12];
      Arrays.fill(raw, 0, distance + 20, (byte) 'x');
      byte[] stream = run(distance + 20, 'x');
      int start = stream.length - distance - 20;
      Arrays.fill(raw, 20, 32, (byte) 'm');
      Arrays.fill(stream, start + 20, start + 32, (byte) 'm');
      Arrays.fill(raw, distance + 20, raw.length, (byte) 'm');
      // L = 0: 2 + 7 + 3 bytes
      requireGives(join(stream, hex((high == 0 ? "10" : "18") + " 03 fc ff" + END)), raw);
    }
  }

  @Test
  void theEndMayHaveAnySize() throws Exception {
    // As liblzo2's lzo1x_decompress_safe: only the distance counts.
    requireText("15 61 62 63 64 17 00 00", "abcd");
    requireText("15 61 62 63 64 10 09 00 00", "abcd");
  }

  @Test
  void bytesBehindTheEndAreMalformed() {
    requireMalformed(hex("12 61" + END + " 00"), 5, "bytes behind the end of the stream");
  }

  @Test
  void noEndIsMalformed() {
    requireMalformed(hex(""), 0, TOO_SHORT);
    requireMalformed(hex("15 61 62 63 64"), 5, TOO_SHORT);
  }

  @Test
  void operandsThatAreMissingAreMalformed() {
    requireMalformed(hex("00 00 00"), 0, TOO_SHORT);
    requireMalformed(hex("12 61 00"), 2, TOO_SHORT);
    requireMalformed(hex("12 61 40"), 2, TOO_SHORT);
    requireMalformed(hex("12 61 20 00 00"), 2, TOO_SHORT);
    requireMalformed(hex("12 61 21 00"), 2, TOO_SHORT);
    requireMalformed(hex("12 61 11 00"), 2, TOO_SHORT);
    requireMalformed(hex("12 61 11"), 2, TOO_SHORT);
  }

  @Test
  void literalsThatAreMissingAreMalformed() {
    requireMalformed(hex("15 61 62 63"), 0, TOO_SHORT);
    requireMalformed(hex("01 61 62 63"), 0, TOO_SHORT);
    requireMalformed(hex("12 61 42 00 61"), 2, TOO_SHORT);
  }

  @Test
  void matchBeforeTheFirstByteIsMalformed() {
    requireMalformed(hex("12 61 44 00" + END), 2, "match 2 bytes back, before the first");
    requireMalformed(hex("12 61 04 00" + END), 2, "match 2 bytes back, before the first");
    requireMalformed(hex("12 61 21 04 00" + END), 2, "match 2 bytes back, before the first");
    requireMalformed(hex("15 61 62 63 64 00 00"), 5, "match 2049 bytes back, before the first");
    requireMalformed(hex("12 61 11 04 00"), 2, "match 16385 bytes back, before the first");
    requireMalformed(
        hex("12 61 44 00" + " 00".repeat(50)), 2, "match 2 bytes back, before the first");
    requireMalformed(
        hex("12 61 21 04 00" + " 00".repeat(50)), 2, "match 2 bytes back, before the first");
  }

  @Test
  void moreThanThereIsRoomForIsMalformed() {
    requireMalformed(hex("00 53" + " 61".repeat(101) + END), 0, TOO_LONG);
    requireMalformed(hex("77" + " 61".repeat(102) + END), 0, TOO_LONG);
    requireMalformed(hex("12 61 20 43 00 00" + END), 2, TOO_LONG);
    // A match of 99 bytes leaves no room for a literal.
    requireMalformed(hex("12 61 20 42 01 00 61" + END), 2, TOO_LONG);
  }

  @Test
  void sizeOfManyZeroBytesDoesNotOverflow() {
    // 255 * (2^32 / 255 + 1) would be small again in 32 bits.
    byte[] stream = new byte[(int) ((1L << 32) / 255) + 10];
    stream[stream.length - 5] = 1;
    requireMalformed(stream, 0, TOO_SHORT);
    assertThat(stream.length).isGreaterThan(1 << 24);
  }
}
