package org.vmcore.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.vmcore.testing.DumpBuilder.pattern;

import com.github.luben.zstd.Zstd;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
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
import org.vmcore.testing.Flattened;
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
      assertThat(all(source)).isEqualTo(frame);
      assertThat(source.lossAt(77).orElseThrow().message())
          .isEqualTo("zstd: frame 1 is damaged, which holds 0x4d-0x4d: wrong checksum");
    }
    try (ByteSource source = open(new SeekableZstd().checked(right + 1, frame).end())) {
      assertThat(source.available(0, 77)).isZero();
      assertThat(source.lossAt(0).orElseThrow().message())
          .isEqualTo("zstd: frame 0 is damaged, which holds 0x0-0x4c: wrong checksum");
    }
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

  /** Three frames of 1000 bytes, the second one of them damaged. */
  private byte[] withDamagedFrame() {
    SeekableZstd file = new SeekableZstd().frame(pattern(0, 1000)).frame(pattern(1000, 1000));
    int at = file.frames().length - 8;
    byte[] bytes = file.frame(pattern(2000, 1000)).end();
    Arrays.fill(bytes, at - 8, at, (byte) 0xff);
    return bytes;
  }

  @Test
  void aDamagedFrameIsLostToTheByte() throws Exception {
    try (ByteSource source = open(withDamagedFrame())) {
      assertThat(source.available(0, 3000)).as("before it is read").isEqualTo(3000);
      for (int i = 0; i < 2; i++) {
        assertThat(ByteSourceContract.read(source, 0, 3000)).isEqualTo(pattern(0, 1000));
        assertThat(ByteSourceContract.read(source, 1000, 1)).isEmpty();
        assertThat(ByteSourceContract.read(source, 1999, 2)).isEmpty();
        assertThat(ByteSourceContract.read(source, 2000, 1000)).isEqualTo(pattern(2000, 1000));
      }
      assertThat(source.available(500, 3000)).isEqualTo(500);
      assertThat(source.available(1500, 3000)).isZero();
      assertThat(source.available(2500, 3000)).isEqualTo(500);
      assertThat(source.spanAt(999)).isEqualTo(new ByteSource.Span(0, 1000, true));
      assertThat(source.spanAt(1000)).isEqualTo(new ByteSource.Span(1000, 2000, false));
      assertThat(source.spanAt(2000)).isEqualTo(new ByteSource.Span(2000, 3000, true));
      assertThat(source.lost(0, 4000)).isEqualTo(2000);
      assertThat(source.lost(999, 2)).isEqualTo(1);
      assertThat(source.lossAt(999)).isEmpty();
      assertThat(source.lossAt(1000).orElseThrow().message())
          .startsWith("zstd: frame 1 is damaged, which holds 0x3e8-0x7cf: ");
      assertThat(source.lossAt(3000).orElseThrow().message()).isEqualTo("the file ends here");
    }
  }

  /** Bytes of many blocks that can't be packed, so that each lies where one expects it. */
  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(3).nextBytes(bytes);
    return bytes;
  }

  @Test
  void ofADamagedFrameTheBlocksBeforeTheDamageAreThere() throws Exception {
    byte[] bytes = random(1_000_000);
    byte[] packed = Zstd.compress(bytes);
    packed[packed.length / 2] ^= 1; // only the checksum would tell: there is none
    Arrays.fill(packed, packed.length - 200_000, packed.length - 199_000, (byte) 0xff);
    byte[] other = Zstd.compress(BYTES);
    int last = (packed.length - 200_000) / (128 << 10) * (128 << 10);
    try (ByteSource source = open(Packed.join(other, withBlock(packed, last, 0xff), other))) {
      assertThat(findings.getFirst().message()).contains("blocks of the frame at ");
      assertThat(source.size()).isEqualTo(1_010_000);
      assertThat(ByteSourceContract.read(source, 0, 5000)).isEqualTo(BYTES);
      assertThat(source.read(5000, MemorySegment.ofArray(new byte[1_000_000]))).isEqualTo(last);
      assertThat(source.spanAt(5000 + last))
          .isEqualTo(new ByteSource.Span(5000 + last, 1_005_000, false));
      assertThat(ByteSourceContract.read(source, 1_005_000, 5000)).isEqualTo(BYTES);
    }
  }

  /** With the header of the block that holds byte {@code content} overwritten. */
  private static byte[] withBlock(byte[] packed, int content, int value) {
    byte[] changed = packed.clone();
    int block = content / (128 << 10);
    int header = packed.length - 1_000_000 - 3 * 8; // that of the frame
    Arrays.fill(
        changed, header + content + 3 * block, header + content + 3 * block + 3, (byte) value);
    return changed;
  }

  @Test
  void aLastFrameThatIsCutIsThereUpToTheCut() throws Exception {
    byte[] packed = Zstd.compress(random(1_000_000));
    byte[] cut = Arrays.copyOf(packed, 500_000);
    try (ByteSource source = open(Packed.join(Zstd.compress(BYTES), cut))) {
      assertThat(source.size()).isEqualTo(1_005_000);
      assertThat(source.lost(0, 1_005_000)).as("it isn't unpacked yet").isZero();
      byte[] there = ByteSourceContract.read(source, 5000, 1_000_000);
      assertThat(there).hasSizeGreaterThanOrEqualTo(3 * (128 << 10));
      assertThat(Arrays.equals(there, Arrays.copyOf(random(1_000_000), there.length))).isTrue();
      assertThat(findings.getFirst().message()).endsWith(" aren't whole");
    }
  }

  @Test
  void zerosBehindTheEndAreLeftOut() throws Exception {
    try (ByteSource source = open(Packed.join(Zstd.compress(BYTES), new byte[5000]))) {
      assertThat(all(source)).isEqualTo(BYTES);
      assertThat(findings.getFirst().message())
          .isEqualTo("what follows the zstd file's end is left out");
    }
  }

  /** A hole looks like blocks without bytes. */
  @ParameterizedTest
  @ValueSource(ints = {0x20, 0xe0, 0x00})
  void aHeaderOverAHoleEndsSoon(int descriptor) throws Exception {
    Path path = dir.resolve("hole");
    byte[] header = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, (byte) descriptor, 100, 1};
    Files.write(path, header);
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[1]), 1L << 40);
    }
    assertTimeoutPreemptively(Duration.ofSeconds(20), () -> requireNothing(path));
  }

  /** That no byte can be had of what is in {@code path}. */
  private void requireNothing(Path path) throws IOException {
    try (ByteSource source = Envelopes.open(ByteSource.open(path), Spill.DEFAULT, findings)) {
      assertThat(source.available(0, 1)).isZero();
    } catch (VmcoreException e) {
      assertThat(e.reason()).contains("zstd");
    }
  }

  @Test
  void ofAFlattenedFileInADamagedFrameTheRecordsAroundItAreThere() throws Exception {
    byte[] flat = new Flattened().record(5, pattern(0, 3000)).record(4000, pattern(9, 50)).end();
    SeekableZstd file = new SeekableZstd();
    for (int at = 0; at < flat.length; at += 1000) {
      file.frame(Arrays.copyOfRange(flat, at, Math.min(at + 1000, flat.length)));
    }
    byte[] bytes = file.end();
    int fifth = 0;
    for (int i = 0; i < 5; i++) {
      fifth += le(bytes, file.frames().length + 8 + 8 * i);
    }
    bytes[fifth] ^= 1; // bytes 5000 to 6000 of the flattened file, 888 to 1888 of the record
    try (ByteSource source = open(bytes)) {
      assertThat(source.envelopes()).containsExactly("zstd", "flattened");
      assertThat(ByteSourceContract.read(source, 0, 4050)).hasSize(893);
      assertThat(source.spanAt(893)).isEqualTo(new ByteSource.Span(893, 1893, false));
      assertThat(source.available(800, 4000)).isEqualTo(93);
      assertThat(source.available(893, 1)).isZero();
      assertThat(source.available(1893, 4000)).isEqualTo(4050 - 1893);
      assertThat(source.lost(0, 4050)).isEqualTo(1000);
      assertThat(source.lossAt(900).orElseThrow().message()).startsWith("zstd: frame 5 ");
      assertThat(ByteSourceContract.read(source, 1893, 1112)).isEqualTo(pattern(1888, 1112));
      assertThat(ByteSourceContract.read(source, 4000, 50)).isEqualTo(pattern(9, 50));
    }
  }

  @Test
  void aFrameThatHoldsOtherThanTheTableSays() throws Exception {
    byte[] packed = Zstd.compress(BYTES);
    for (int size : new int[] {4999, 5001}) {
      try (ByteSource source = open(new SeekableZstd().raw(packed, size, 0).end())) {
        assertThat(source.spanAt(0)).isEqualTo(new ByteSource.Span(0, size, false));
        assertThat(source.lossAt(0).orElseThrow().message())
            .startsWith("zstd: frame 0 is damaged, which holds 0x0-0x")
            .endsWith("; where what is behind it belongs isn't known");
      }
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
          byte[] there = all(source);
          assertThat(there).isEqualTo(Arrays.copyOf(BYTES, there.length));
          assertThat(there.length == BYTES.length || source.lossAt(there.length).isPresent())
              .isTrue();
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
          byte[] there = all(source);
          assertThat(there).isEqualTo(pattern(0, there.length));
          assertThat(there.length == source.size() || source.lossAt(there.length).isPresent())
              .isTrue();
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
