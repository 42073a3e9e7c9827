package org.vmcore.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Huffman codes (RFC 1951, 3.2.2). */
class HuffmanCodeTest {
  private static HuffmanCode counted(int longest, int... frequencies) {
    HuffmanCode code = new HuffmanCode(frequencies.length, longest);
    System.arraycopy(frequencies, 0, code.frequencies, 0, frequencies.length);
    return code;
  }

  private static int length(HuffmanCode code, int symbol) {
    return code.codes[symbol] & HuffmanCode.LENGTH_MASK;
  }

  /** The code of a symbol, first bit highest. */
  private static String bits(HuffmanCode code, int symbol) {
    StringBuilder bits = new StringBuilder();
    for (int i = 0; i < length(code, symbol); i++) {
      bits.append(code.codes[symbol] >>> (HuffmanCode.LENGTH_BITS + i) & 1);
    }
    return bits.toString();
  }

  /** Requires that every sequence of bits is a code, and that no code is above {@code longest}. */
  private static void requireComplete(HuffmanCode code, int longest) {
    long filled = 0;
    for (int symbol = 0; symbol < code.codes.length; symbol++) {
      int length = length(code, symbol);
      assertThat(length).isLessThanOrEqualTo(longest);
      assertThat(code.codes[symbol] >>> HuffmanCode.LENGTH_BITS >>> length).isZero();
      filled += length == 0 ? 0 : 1L << (longest - length);
    }
    assertThat(filled).isEqualTo(1L << longest);
  }

  /** The fewest bits: the sum of all nodes of Huffman's tree. */
  private static int fewest(int... frequencies) {
    PriorityQueue<Integer> nodes = new PriorityQueue<>();
    for (int frequency : frequencies) {
      if (frequency > 0) {
        nodes.add(frequency);
      }
    }
    int bits = 0;
    while (nodes.size() > 1) {
      int node = nodes.remove() + nodes.remove();
      nodes.add(node);
      bits += node;
    }
    return bits;
  }

  @Test
  void theExampleOfTheRfc() {
    HuffmanCode code = counted(15, 2, 2, 2, 2, 2, 4, 1, 1);
    assertThat(code.build()).isEqualTo(5 * 2 * 3 + 4 * 2 + 2 * 4);
    assertThat(code.size()).isEqualTo(8);
    String[] codes = {"010", "011", "100", "101", "110", "00", "1110", "1111"};
    for (int symbol = 0; symbol < codes.length; symbol++) {
      assertThat(bits(code, symbol)).isEqualTo(codes[symbol]);
    }
  }

  @Test
  void thereAreAlwaysTwoCodes() {
    for (int only = -1; only < 5; only++) {
      int[] frequencies = new int[5];
      if (only >= 0) {
        frequencies[only] = 700;
      }
      HuffmanCode code = counted(15, frequencies);
      code.build();
      requireComplete(code, 15);
      assertThat(code.size()).isEqualTo(Math.max(1, only) + 1);
      assertThat(length(code, Math.max(only, 0))).isEqualTo(1);
    }
  }

  @Test
  void noCodeTakesFewerBits() {
    Random random = new Random(9);
    for (int symbols = 2; symbols <= 286; symbols++) {
      int[] frequencies = new int[symbols];
      for (int i = 0; i < symbols; i++) {
        frequencies[i] = Math.max(0, random.nextInt(1 << random.nextInt(10)) - 3);
      }
      frequencies[0] = 300;
      frequencies[symbols - 1] = 3000;
      HuffmanCode code = counted(15, frequencies);
      assertThat(code.build()).isEqualTo(fewest(frequencies));
      requireComplete(code, 15);
      assertThat(code.size()).isEqualTo(symbols);
      for (int i = 0; i < symbols; i++) {
        assertThat(length(code, i) == 0).isEqualTo(frequencies[i] == 0);
      }
    }
  }

  @Test
  void noCodeIsLongerThanTheLimit() {
    int[] fibonacci = new int[24];
    fibonacci[0] = 1;
    fibonacci[1] = 1;
    for (int i = 2; i < fibonacci.length; i++) {
      fibonacci[i] = fibonacci[i - 1] + fibonacci[i - 2];
    }
    for (int longest : new int[] {5, 7, 14, 15}) {
      HuffmanCode code = counted(longest, fibonacci);
      assertThat(code.build()).isGreaterThan(fewest(fibonacci));
      requireComplete(code, longest);
      assertThat(length(code, 0)).isEqualTo(longest);
      assertThat(length(code, fibonacci.length - 1)).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void theNextCodeIsCountedFromNothing() {
    HuffmanCode code = counted(15, 9, 9, 9, 1);
    code.build();
    assertThat(code.frequencies).containsOnly(0);
    code.frequencies[1] = 2;
    code.frequencies[2] = 1;
    assertThat(code.build()).isEqualTo(3);
    assertThat(length(code, 0)).isZero();
    assertThat(length(code, 3)).isZero();
  }
}
