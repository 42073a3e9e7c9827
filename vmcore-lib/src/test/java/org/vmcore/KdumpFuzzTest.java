package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.Spill;
import org.vmcore.testing.Exercise;
import org.vmcore.testing.FuzzTarget;
import org.vmcore.testing.Hex;

/** Any bytes as a dump, with which all is done that can be done. */
@Tag("slow")
class KdumpFuzzTest extends FuzzTarget {
  private static final Spill SPILL = new Spill(Optional.empty(), 1 << 20, new Spill.Listener() {});
  private static final OpenOptions OPTIONS =
      OpenOptions.builder().copyLimit(1 << 20).spill(SPILL).build();
  private static final FileSystem MEMORY = Jimfs.newFileSystem(Configuration.unix());
  private static final int BENT = 40;

  /** The dumps that were written by hand. */
  static List<String> names() throws IOException {
    URL folder = KdumpFuzzTest.class.getResource("format/kdump");
    assertThat(folder).isNotNull();
    try (Stream<Path> files = Files.list(Path.of(URI.create(folder.toString())))) {
      return files
          .map(file -> "format/kdump/" + file.getFileName())
          .filter(name -> name.endsWith(".hex"))
          .sorted()
          .toList();
    }
  }

  private static byte[] bytes(String name) throws IOException {
    return Hex.resource(KdumpFuzzTest.class, name);
  }

  @Override
  protected List<byte[]> seeds() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    for (String name : names()) {
      seeds.add(bytes(name));
    }
    return seeds;
  }

  @Override
  protected void fuzz(byte[] input) throws IOException {
    if (!Exercise.dump(Files.write(MEMORY.getPath("dump"), input), OPTIONS)) {
      throw new IOException("refused");
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void bentSeeds(String name) throws Exception {
    byte[] good = bytes(name);
    int[] filled = filled(good);
    Random random = new Random(name.hashCode());
    for (int i = 0; i < BENT; i++) {
      byte[] bent = Arrays.copyOf(good, good.length - random.nextInt(2) * random.nextInt(100));
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        int at = filled[random.nextInt(filled.length)] + random.nextInt(3);
        bent[Math.min(at, bent.length - 1)] = (byte) random.nextInt();
      }
      takes(bent);
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
    takes(new byte[0]);
    takes("KDUMP   ".getBytes(StandardCharsets.US_ASCII));
    takes(Arrays.copyOf("DISKDUMP".getBytes(StandardCharsets.US_ASCII), 8192));
  }
}
