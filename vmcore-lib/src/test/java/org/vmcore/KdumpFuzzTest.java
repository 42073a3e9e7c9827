package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmcore.testing.Hex;

/** Replays the seeds of {@link KdumpFuzz}: the dumps that were written by hand, and bent ones. */
class KdumpFuzzTest {
  private static final int BENT = 40;

  static List<String> seeds() throws IOException, URISyntaxException {
    URL folder = KdumpFuzzTest.class.getResource("kdump");
    assertThat(folder).isNotNull();
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      return files
          .map(file -> "kdump/" + file.getFileName())
          .filter(name -> name.endsWith(".hex"))
          .sorted()
          .toList();
    }
  }

  private static byte[] bytes(String seed) throws IOException {
    return Hex.resource(KdumpFuzzTest.class, seed);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void seeds(String seed) throws Exception {
    KdumpFuzz.fuzz(bytes(seed));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void bentSeeds(String seed) throws Exception {
    byte[] good = bytes(seed);
    int[] filled = filled(good);
    Random random = new Random(seed.hashCode());
    for (int i = 0; i < BENT; i++) {
      byte[] bent = Arrays.copyOf(good, good.length - random.nextInt(2) * random.nextInt(100));
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        int at = filled[random.nextInt(filled.length)] + random.nextInt(3);
        bent[Math.min(at, bent.length - 1)] = (byte) random.nextInt();
      }
      KdumpFuzz.fuzz(bent);
    }
  }

  /** The places of the bytes that aren't 0, pages aside. */
  private static int[] filled(byte[] bytes) {
    int[] places = new int[bytes.length];
    int count = 0;
    for (int i = 0; i < bytes.length && count < 2000; i++) {
      if (bytes[i] != 0) {
        places[count++] = i;
      }
    }
    return Arrays.copyOf(places, count);
  }

  @Test
  void noBytesAtAll() {
    KdumpFuzz.fuzz(new byte[0]);
    KdumpFuzz.fuzz("KDUMP   ".getBytes(StandardCharsets.US_ASCII));
    KdumpFuzz.fuzz(Arrays.copyOf("DISKDUMP".getBytes(StandardCharsets.US_ASCII), 8192));
  }
}
