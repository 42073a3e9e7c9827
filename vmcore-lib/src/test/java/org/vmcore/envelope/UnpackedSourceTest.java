package org.vmcore.envelope;

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
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.vmcore.io.ByteSource;
import org.vmcore.io.ByteSourceContract;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.Spill;
import org.vmcore.testing.Flattened;
import org.vmcore.testing.Packed;

/** Files that are unpacked to a temporary one: gzip, and zstd in one piece. */
class UnpackedSourceTest extends PackedFile {
  abstract class Contract extends ByteSourceContract {
    private final UnaryOperator<byte[]> pack;

    Contract(UnaryOperator<byte[]> pack) {
      this.pack = pack;
    }

    @Override
    protected Path folder() {
      return dir;
    }

    @Override
    protected ByteSource open(byte[] bytes) throws IOException {
      Path file = Files.write(folder().resolve("file"), pack.apply(bytes));
      Spill spill = new Spill(Optional.of(spillDir), Spill.LIMIT, new Spill.Listener() {});
      return Envelopes.open(ByteSource.open(file), spill, new ArrayList<>());
    }
  }

  @Nested
  class Gzip extends Contract {
    Gzip() {
      super(Packed::gzip);
    }
  }

  @Nested
  class Zstd extends Contract {
    Zstd() {
      super(Packed::zstd);
    }
  }

  @Nested
  class WhereNothingCanBeMapped extends ByteSourceContract {
    private final FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix());

    @Override
    protected Path folder() {
      return jimfs.getPath("/");
    }

    @Override
    protected ByteSource open(byte[] bytes) throws IOException {
      Path file = Files.write(folder().resolve("file"), Packed.gzip(bytes));
      Spill spill = new Spill(Optional.of(folder()), Spill.LIMIT, new Spill.Listener() {});
      ByteSource source = Envelopes.open(ByteSource.open(file), spill, new ArrayList<>());
      assertThat(source.mapped()).isEmpty();
      return source;
    }
  }

  @Test
  void ofADamagedFileAllIsReadThatComesOut() throws Exception {
    for (UnaryOperator<byte[]> pack : List.<UnaryOperator<byte[]>>of(Packed::gzip, Packed::zstd)) {
      byte[] bytes = new byte[300];
      new Random(5).nextBytes(bytes);
      byte[] packed = Packed.join(pack.apply(BYTES), pack.apply(bytes));
      int first = pack.apply(BYTES).length;
      for (int at = first; at < packed.length; at++) {
        findings.clear();
        byte[] bad = packed.clone();
        bad[at] ^= 0x55;
        try (ByteSource source = open(bad)) {
          assertThat(source.size()).isGreaterThanOrEqualTo(BYTES.length);
          assertThat(ByteSourceContract.read(source, 0, BYTES.length)).isEqualTo(BYTES);
        }
      }
    }
  }

  @Test
  void aCutZstdFile() throws Exception {
    byte[] large = new byte[1 << 20];
    new Random(2).nextBytes(large);
    byte[] packed = Packed.zstd(large);
    try (ByteSource source = open(Arrays.copyOf(packed, packed.length / 2))) {
      assertThat(source.size()).isBetween(1L << 18, 1L << 19);
      assertThat(Arrays.equals(all(source), Arrays.copyOf(large, (int) source.size()))).isTrue();
      assertThat(told()).hasSize(1);
      assertThat(told().getFirst())
          .startsWith("ERROR " + packed.length / 2 + " the zstd file is damaged at 0x");
    }
    for (int size = 4; size <= 9; size++) {
      byte[] start = Arrays.copyOf(packed, size);
      assertThatThrownBy(() -> open(start))
          .isInstanceOf(VmcoreException.class)
          .hasMessageContaining("the zstd file is damaged at 0x");
    }
  }

  @Test
  void zstdFramesWithSkippableOnesBetweenThem() throws Exception {
    byte[] skippable = {0x5f, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3};
    try (ByteSource source =
        open(
            skippable,
            skippable,
            Packed.zstd(pattern(0, 2000)),
            skippable,
            Packed.zstd(pattern(2000, 3000)),
            skippable)) {
      assertThat(all(source)).isEqualTo(BYTES);
      assertThat(source.envelopes()).containsExactly("zstd");
      assertThat(findings).isEmpty();
    }
  }

  @Test
  void skippableFramesAloneAreNoZstdFile() throws Exception {
    byte[] skippable = {0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0};
    byte[][] many = new byte[20][];
    Arrays.fill(many, skippable);
    for (byte[] file : List.of(skippable, Packed.join(many), Arrays.copyOf(skippable, 6))) {
      try (ByteSource source = open(file)) {
        assertThat(source.envelopes()).isEmpty();
      }
    }
  }

  @Test
  void envelopesInEnvelopes() throws Exception {
    byte[] file = Packed.zstd(Packed.gzip(Flattened.of(BYTES, 99)));
    try (ByteSource source = open(file)) {
      assertThat(source.envelopes()).containsExactly("zstd", "gzip", "flattened");
      assertThat(all(source)).isEqualTo(BYTES);
    }
  }

  @Test
  void ofACutFlattenedFileInGzipWhatIsThere() throws Exception {
    byte[] flat = new Flattened().record(3, pattern(3, 9)).header(20, 99).cut();
    try (ByteSource source = open(Packed.gzip(flat))) {
      assertThat(source.available(0, 3)).isZero();
      assertThat(ByteSourceContract.read(source, 3, 99)).isEqualTo(pattern(3, 9));
    }
  }
}
