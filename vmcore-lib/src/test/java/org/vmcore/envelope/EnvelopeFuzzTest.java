package org.vmcore.envelope;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.vmcore.testing.Mutations;

/** The fuzz targets of envelopes over their seeds with any field changed. */
@Tag("slow")
@Tag("slow")
class EnvelopeFuzzTest {
  private final FlattenedFuzzTest flattened = new FlattenedFuzzTest();
  private final ZstdSeekTableFuzzTest zstd = new ZstdSeekTableFuzzTest();

  /** Each field of {@code size} bytes that begins anywhere × every odd value; and cut anywhere. */
  private static void mutate(byte[] seed, int size, int step, Consumer<byte[]> target) {
    for (int at = 0; at + size <= seed.length; at += step) {
      for (long value : Mutations.values(number(seed, at, size), size)) {
        target.accept(with(seed, at, size, value));
      }
      target.accept(Arrays.copyOf(seed, at));
    }
  }

  private static long number(byte[] seed, int at, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value = value << 8 | (seed[at + i] & 0xff);
    }
    return value;
  }

  private static byte[] with(byte[] seed, int at, int size, long value) {
    byte[] changed = seed.clone();
    for (int i = 0; i < size; i++) {
      changed[at + i] = (byte) (value >>> (8 * (size - 1 - i)));
    }
    return changed;
  }

  @Test
  void flattenedRecords() throws Exception {
    for (byte[] seed : flattened.seeds()) {
      mutate(seed, 8, 4, flattened::takes);
    }
  }

  @Test
  void flattenedRecordsOfAnyKind() {
    Random random = new Random(11);
    for (int i = 0; i < 300; i++) {
      ByteBuffer input = ByteBuffer.allocate(2000);
      while (input.remaining() > 200) {
        int size = random.nextInt(40);
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        input.putLong(random.nextInt(300)).putLong(size).put(bytes);
      }
      flattened.takes(Arrays.copyOf(input.array(), random.nextInt(2000)));
      input.putLong(-1).putLong(-1);
      flattened.takes(input.array());
    }
  }

  @Test
  void zstdSeekTables() throws Exception {
    for (byte[] seed : zstd.seeds()) {
      mutate(seed, 4, 1, zstd::takes);
    }
  }
}
