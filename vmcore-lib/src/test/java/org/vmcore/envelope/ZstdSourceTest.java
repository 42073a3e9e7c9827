package org.vmcore.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.testing.DumpBuilder.pattern;

import com.github.luben.zstd.Zstd;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.io.ByteSource;
import org.vmcore.io.ByteSourceContract;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.Spill;
import org.vmcore.testing.Mutations;
import org.vmcore.testing.Packed;
import org.vmcore.testing.SeekableZstd;

/** zstd files whose frames are unpacked one by one. */
class ZstdSourceTest {
  private static final byte[] BYTES = pattern(0, 5000);

  /** Nothing may be unpacked to a file. */
  private static final Spill NO_SPILL = new Spill(Optional.empty(), 0, new Spill.Listener() {});

  @TempDir Path dir;
  private final List<Finding> findings = new ArrayList<>();

  abstract static class Contract extends ByteSourceContract {
    abstract byte[] pack(byte[] bytes);

    @Override
    protected ByteSource open(byte[] bytes) throws IOException {
      Path file = Files.write(folder().resolve("file"), pack(bytes));
      ByteSource source = Envelopes.open(ByteSource.open(file), NO_SPILL, new ArrayList<>());
      assertThat(source.envelopes()).containsExactly("zstd");
      return source;
    }

    @Override
    @Test
    @Disabled("of nothing there is no frame")
    protected void anEmptyFileIsASource() {}
  }

  @Nested
  class Seekable extends Contract {
    @Override
    protected Path folder() {
      return dir;
    }

    @Override
    byte[] pack(byte[] bytes) {
      return SeekableZstd.of(bytes, 12_345);
    }
  }

  @Nested
  class ManyFrames extends Contract {
    private final FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix());

    @Override
    protected Path folder() {
      return jimfs.getPath("/");
    }

    @AfterEach
    void closeFileSystem() throws IOException {
      jimfs.close();
    }

    @Override
    byte[] pack(byte[] bytes) {
      byte[] skippable = {0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3};
      return Packed.join(skippable, SeekableZstd.of(bytes, 1 << 20), skippable);
    }
  }

  private ByteSource open(byte[] file) throws IOException {
    Path path = Files.write(dir.resolve("zstd"), file);
    return Envelopes.open(ByteSource.open(path), NO_SPILL, findings);
  }

  private static byte[] all(ByteSource source) throws IOException {
    return ByteSourceContract.read(source, 0, (int) source.size());
  }

  /** That {@code file} would have to be unpacked to a file. */
  private void assertSpills(byte[] file) {
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(VmcoreException.class)
        .hasMessageContaining("more than the limit of 0 bytes");
  }

  private static int le(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
  }

  private static byte[] with(byte[] file, int at, int value) {
    byte[] changed = file.clone();
    ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
    return changed;
  }

  @Test
  void framesWithoutBytesAreNothing() throws Exception {
    byte[] file =
        new SeekableZstd()
            .frame()
            .frame(pattern(0, 10))
            .raw(new byte[] {0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 9}, 0, 0)
            .frame(pattern(10, 4990))
            .end();
    try (ByteSource source = open(file)) {
      assertThat(all(source)).isEqualTo(BYTES);
    }
  }

  @Test
  void aSmallFileIsUnpackedInMemory() throws Exception {
    try (ByteSource source = open(Zstd.compress(BYTES))) {
      assertThat(all(source)).isEqualTo(BYTES);
      assertThat(source.mapped()).isEmpty();
      assertThat(source.fileKey()).isEmpty();
    }
  }

  @Test
  void blocksOfEveryKind() throws Exception {
    byte[] bytes = new byte[700_000]; // zeros, what can't be packed, and what can
    new Random(1).nextBytes(bytes);
    Arrays.fill(bytes, 0, 200_000, (byte) 0);
    System.arraycopy(pattern(0, 200_000), 0, bytes, 500_000, 200_000);
    byte[] packed = Zstd.compress(bytes);
    try (ByteSource source = open(Packed.join(packed, packed))) {
      assertThat(source.size()).isEqualTo(1_400_000);
      assertThat(ByteSourceContract.read(source, 700_000, 700_000)).isEqualTo(bytes);
    }
  }

  @Test
  void aFrameThatDoesNotTellItsSizeIsNotReadInPlace() {
    assertSpills(Packed.join(Zstd.compress(BYTES), Packed.zstd(BYTES)));
  }

  @Test
  void aFrameOfMoreThanTheBoundIsNotReadInPlace() {
    assertSpills(Zstd.compress(new byte[(64 << 20) + 1]));
    SeekableZstd file = new SeekableZstd();
    byte[] large = Zstd.compress(new byte[(64 << 20) + 1]);
    assertSpills(file.frame(BYTES).raw(large, (64 << 20) + 1, 0).end());
  }

  @Test
  void checksumsOfFrames() throws Exception {
    byte[] frame = pattern(0, 77);
    int right = (int) XxHash64.of(frame);
    try (ByteSource source = open(new SeekableZstd().checked(right, frame).end())) {
      assertThat(all(source)).isEqualTo(frame);
    }
    byte[] wrong = new SeekableZstd().checked(right, frame).checked(right, frame[0]).end();
    try (ByteSource source = open(wrong)) {
      assertThatThrownBy(() -> all(source))
          .isInstanceOf(VmcoreException.class)
          .hasMessageEndingWith(": zstd: frame 1 is damaged: wrong checksum");
    }
    assertThatThrownBy(() -> open(new SeekableZstd().checked(right + 1, frame).end()))
        .hasMessage(dir.resolve("zstd") + ": offset 0x0: zstd: frame 0 is damaged: wrong checksum");
  }

  /** As xxHash's own tests have it: bytes of a simple generator. */
  @ParameterizedTest
  @CsvSource({
    "'', ef46db3751d8e999",
    "a, d24ec4f1a98c6e5b",
    "abc, 44bc2cf5ad770999",
    "message digest, 066ed728fceeb3be",
    "abcdefghijklmnopqrstuvwxyz, cfe1f278fa89835c",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789, aaa46907d3047814"
  })
  void theChecksumIsXxh64(String text, String hash) {
    long value = XxHash64.of(text.getBytes(StandardCharsets.US_ASCII));
    assertThat(Long.toHexString(value)).isEqualTo(hash.replaceAll("^0", ""));
  }

  @Test
  void aTableThatPassesOverAFrameIsNotUsed() throws Exception {
    byte[] packed = Zstd.compress(new byte[] {1});
    for (byte[] hidden : List.of(Zstd.compress(BYTES), packed, new byte[] {1, 2, 3})) {
      findings.clear();
      byte[] file = new SeekableZstd().frame(pattern(0, 10)).raw(hidden, 0, 0).end();
      try (ByteSource source = open(file)) {
        assertThat(source.size()).isGreaterThan(10);
      } catch (VmcoreException e) {
        assertThat(e.reason()).contains("limit of 0 bytes");
      }
      assertThat(findings.getFirst().message()).startsWith("the seek table isn't used: its frames");
    }
  }

  @Test
  void aDamagedFrameFailsItsReaders() throws Exception {
    SeekableZstd file = new SeekableZstd().frame(pattern(0, 1000)).frame(pattern(1000, 1000));
    byte[] bytes = file.end();
    int second = le(bytes, file.frames().length + 8);
    bytes[second]++;
    try (ByteSource source = open(bytes)) {
      assertThat(ByteSourceContract.read(source, 0, 1000)).isEqualTo(pattern(0, 1000));
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> ByteSourceContract.read(source, 999, 2))
            .isInstanceOf(VmcoreException.class)
            .hasMessageStartingWith(
                dir.resolve("zstd")
                    + ": offset 0x"
                    + Integer.toHexString(second)
                    + ": zstd: frame 1 is damaged: ");
      }
    }
  }

  @Test
  void aFrameThatHoldsOtherThanTheTableSays() throws Exception {
    byte[] packed = Zstd.compress(BYTES);
    for (int size : new int[] {4999, 5001}) {
      assertThatThrownBy(() -> open(new SeekableZstd().raw(packed, size, 0).end()))
          .isInstanceOf(VmcoreException.class)
          .hasMessageContaining("zstd: frame 0 is damaged: ");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x04, 0x40, 0x7c})
  void aTableWithReservedBitsIsNotUsed(int bits) throws Exception {
    byte[] file = SeekableZstd.of(BYTES, 1000);
    file[file.length - 5] |= (byte) bits;
    try (ByteSource source = open(file)) {
      assertThat(all(source)).isEqualTo(BYTES);
    }
    assertThat(findings)
        .containsExactly(
            Finding.warning(
                "zstd",
                file.length - 9,
                "the seek table isn't used: Seek_Table_Descriptor is 0x"
                    + Integer.toHexString(bits)));
  }

  /** Every field of the table × every odd value: what is read is right, or an error is. */
  @Test
  void aTableWithAnyFieldMutated() throws Exception {
    byte[] file = SeekableZstd.of(BYTES, 1000);
    int table = file.length - 9 - 5 * 8 - 8;
    int used = 0;
    for (int at = table; at <= file.length - 9; at += 4) {
      for (long value : Mutations.values(le(file, at) & 0xffff_ffffL, 4)) {
        try (ByteSource source = open(with(file, at, (int) value))) {
          assertThat(source.size()).isLessThan(1L << 27);
          assertThat(all(source)).isEqualTo(BYTES);
          used++;
        } catch (VmcoreException e) {
          assertThat(e.reason()).isNotEmpty();
        }
      }
    }
    assertThat(used).isPositive();
    assertThat(findings).isNotEmpty();
  }

  @Test
  void aSeekableFileCutAnywhere() throws Exception {
    byte[] file = SeekableZstd.of(pattern(0, 300), 100);
    for (int size = 0; size < file.length; size++) {
      try (ByteSource source = open(Arrays.copyOf(file, size))) {
        assertThat(source.envelopes()).hasSize(size < 4 ? 0 : 1);
        if (size >= 4) {
          assertThat(all(source)).isEqualTo(pattern(0, (int) source.size()));
        }
      } catch (VmcoreException e) {
        assertThat(e.reason()).isNotEmpty();
      }
    }
  }

  @Test
  void framesOfAllSizesAreKeptAndDropped() throws Exception {
    byte[] bytes = new byte[48 << 20];
    for (int at = 0; at < bytes.length; at += 4096) {
      bytes[at] = (byte) (at >> 20);
    }
    try (ByteSource source = open(SeekableZstd.of(bytes, 16 << 20))) {
      for (int round = 0; round < 3; round++) {
        for (int at = 0; at < bytes.length; at += 1 << 20) {
          assertThat(ByteSourceContract.read(source, at, 1)).containsExactly(at >> 20);
        }
      }
    }
  }
}
