package org.vmcore.cli.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.vmcore.testing.DumpBuilder.Field;
import org.vmcore.testing.Mutations;

/** Bends a good file where its structure is: numbers, blocks, lines of text, the file's end. */
final class Mutator {
  private static final int[] BLOCKS = {1, 2, 4, 8, 12, 16, 24, 32, 56, 64, 512, 4096};
  private static final int MOST_TRIES = 64;
  private static final int LARGEST = 4 << 20;
  private static final String[] TEXTS = {
    "0",
    "1",
    "-1",
    "ffffffffffffffff",
    "8000000000000000",
    "7fffffffffffffff",
    "x",
    "",
    "65536",
    "ffffffff81000000",
    "ffff888000000000",
    "18446744073709551615",
    "4096",
    "=",
    "\n",
    "\u001b[31m"
  };

  private final Random random;

  Mutator(Random random) {
    this.random = random;
  }

  /** A bent copy of {@code file}; now and then a good one. */
  byte[] bend(SeedFile file) {
    byte[] bytes = file.bytes().clone();
    int edits = random.nextInt(20) == 0 ? 0 : 1 + (int) Math.abs(random.nextGaussian() * 2);
    for (int i = 0; i < edits; i++) {
      bytes = edit(bytes, file);
    }
    byte[] packed = file.packing().apply(bytes);
    return random.nextInt(3) == 0 && !Arrays.equals(packed, bytes) ? blind(packed) : packed;
  }

  private byte[] edit(byte[] bytes, SeedFile file) {
    int kind = random.nextInt(12);
    if (bytes.length == 0 || (kind < 5 && file.fields().isEmpty())) {
      return blind(bytes);
    }
    return switch (kind) {
      case 0, 1, 2, 3 -> number(bytes, any(file.fields()), file);
      case 4 -> exchange(bytes, any(file.fields()), any(file.fields()));
      case 5, 6 -> line(bytes);
      default -> blind(bytes);
    };
  }

  /** An edit that asks nothing of the structure. */
  private byte[] blind(byte[] bytes) {
    return switch (bytes.length == 0 ? 8 : random.nextInt(9)) {
      case 0, 1, 2 -> word(bytes);
      case 3 -> flip(bytes);
      case 4, 5 -> overwrite(bytes);
      case 6 -> resize(bytes);
      case 7 -> Arrays.copyOf(bytes, end(bytes.length));
      default -> append(bytes);
    };
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static long get(byte[] bytes, long at, int size, ByteOrder order) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      long from = at + (order == ByteOrder.BIG_ENDIAN ? i : size - 1 - i);
      value = value << 8 | (from < bytes.length ? bytes[(int) from] & 0xff : 0);
    }
    return value;
  }

  private static byte[] put(byte[] bytes, long at, int size, ByteOrder order, long value) {
    for (int i = 0; i < size; i++) {
      long to = at + (order == ByteOrder.BIG_ENDIAN ? size - 1 - i : i);
      if (to < bytes.length) {
        bytes[(int) to] = (byte) (value >>> (8 * i));
      }
    }
    return bytes;
  }

  /** A number of a header becomes another one: odd, near the file's end, or another field's. */
  private byte[] number(byte[] bytes, Field field, SeedFile file) {
    long value = get(bytes, field.offset(), field.size(), file.order());
    Field other = any(file.fields());
    long taken =
        switch (random.nextInt(8)) {
          case 0 -> bytes.length - random.nextInt(0x2000);
          case 1 -> get(bytes, other.offset(), other.size(), file.order());
          case 2 -> value + random.nextInt(33) - 16;
          case 3 -> value ^ 1L << random.nextInt(8 * field.size());
          default -> any(List.copyOf(Mutations.values(value, field.size())));
        };
    return put(bytes, field.offset(), field.size(), file.order(), taken);
  }

  /** Two headers, from these fields on, change places. */
  private byte[] exchange(byte[] bytes, Field one, Field other) {
    int size = BLOCKS[random.nextInt(BLOCKS.length)];
    for (int i = 0; i < size; i++) {
      int a = (int) one.offset() + i;
      int b = (int) other.offset() + i;
      if (Math.max(a, b) < bytes.length) {
        byte kept = bytes[a];
        bytes[a] = bytes[b];
        bytes[b] = kept;
      }
    }
    return bytes;
  }

  /** The value of a line {@code KEY=VALUE}, of VMCOREINFO say, becomes another one. */
  private byte[] line(byte[] bytes) {
    List<Integer> values = new ArrayList<>();
    for (int i = 1; i + 1 < bytes.length && values.size() < 1 << 10; i++) {
      boolean isKey = bytes[i - 1] == ')' || (bytes[i - 1] >= 'A' && bytes[i - 1] <= 'Z');
      if (bytes[i] == '=' && isKey) {
        values.add(i + 1);
      }
    }
    if (values.isEmpty()) {
      return blind(bytes);
    }
    int at = any(values);
    if (random.nextInt(4) == 0) {
      int from = any(values);
      int length = Math.min(16, bytes.length - Math.max(at, from));
      System.arraycopy(bytes.clone(), from, bytes, at, length);
      return bytes;
    }
    byte[] text = TEXTS[random.nextInt(TEXTS.length)].getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, bytes, at, Math.min(text.length, bytes.length - at));
    if (random.nextBoolean() && at + text.length < bytes.length) {
      bytes[at + text.length] = '\n';
    }
    return bytes;
  }

  /** A place where something stands: bytes that are 0 matter less. */
  private int place(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    for (int i = 0; i < MOST_TRIES && bytes[at] == 0; i++) {
      at =
          random.nextInt(4) == 0
              ? random.nextInt(Math.min(bytes.length, 0x400))
              : end(bytes.length);
    }
    return at;
  }

  /** A size below {@code length}, often a multiple of something. */
  private int end(int length) {
    int at = random.nextInt(Math.max(1, length));
    return random.nextBoolean() ? at : at & -BLOCKS[random.nextInt(BLOCKS.length)];
  }

  private byte[] word(byte[] bytes) {
    int size = 1 << random.nextInt(4);
    int at = place(bytes) & -size;
    ByteOrder order = random.nextInt(4) == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    long value = get(bytes, at, size, order);
    return put(bytes, at, size, order, any(List.copyOf(Mutations.values(value, size))));
  }

  private byte[] flip(byte[] bytes) {
    bytes[place(bytes)] ^= (byte) (1 << random.nextInt(8));
    return bytes;
  }

  private int block(int most) {
    return Math.min(most, BLOCKS[random.nextInt(BLOCKS.length)] * (1 + random.nextInt(3)));
  }

  private byte[] overwrite(byte[] bytes) {
    int to = place(bytes);
    int size = block(bytes.length - to);
    if (random.nextInt(3) == 0) {
      Arrays.fill(bytes, to, to + size, (byte) (random.nextBoolean() ? 0 : random.nextInt()));
      return bytes;
    }
    int from = place(bytes);
    int length = Math.min(size, bytes.length - from);
    System.arraycopy(bytes.clone(), from, bytes, to, length);
    return bytes;
  }

  /** A block is taken out, or stands there twice: what is behind it moves. */
  private byte[] resize(byte[] bytes) {
    int at = place(bytes);
    int size = block(bytes.length - at);
    boolean twice = random.nextBoolean() && bytes.length + size < LARGEST;
    ByteBuffer out = ByteBuffer.allocate(bytes.length + (twice ? size : -size));
    out.put(bytes, 0, twice ? at + size : at);
    int rest = twice ? at : at + size;
    return out.put(bytes, rest, bytes.length - rest).array();
  }

  private byte[] append(byte[] bytes) {
    byte[] more = new byte[block(Integer.MAX_VALUE)];
    random.nextBytes(more);
    byte[] longer = Arrays.copyOf(bytes, bytes.length + more.length);
    if (random.nextBoolean()) {
      System.arraycopy(more, 0, longer, bytes.length, more.length);
    }
    return longer;
  }
}
