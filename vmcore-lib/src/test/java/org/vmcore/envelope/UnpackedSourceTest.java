package org.vmcore.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.vmcore.testing.DumpBuilder.pattern;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.io.ByteSource;
import org.vmcore.io.ByteSourceContract;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.Spill;
import org.vmcore.testing.Flattened;
import org.vmcore.testing.Packed;
import org.vmcore.testing.Reading;

/** Files that are unpacked to a temporary one: gzip, and zstd in one piece. */
class UnpackedSourceTest {
  private static final byte[] BYTES = pattern(0, 5000);

  @TempDir Path dir;
  private Path spillDir = Path.of("");
  private final List<Finding> findings = new ArrayList<>();

  @BeforeEach
  void makeSpillDir() throws IOException {
    spillDir = Files.createDirectory(dir.resolve("spill"));
  }

  @AfterEach
  void nothingIsLeftBehind() throws IOException {
    try (Stream<Path> left = Files.list(spillDir)) {
      assertThat(left).isEmpty();
    }
  }

  class Contract extends ByteSourceContract {
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

  private Spill spill(long limit) {
    return new Spill(Optional.of(spillDir), limit, new Spill.Listener() {});
  }

  private ByteSource open(byte[] file, Spill spill) throws IOException {
    Path path = Files.write(dir.resolve("packed"), file);
    return Envelopes.open(ByteSource.open(path), spill, findings);
  }

  private ByteSource open(byte[]... parts) throws IOException {
    return open(Packed.join(parts), spill(Spill.LIMIT));
  }

  private void assertRefused(byte[] file, Spill spill, String message) {
    assertThatThrownBy(() -> open(file, spill))
        .isInstanceOf(VmcoreException.class)
        .hasMessage(dir.resolve("packed") + ": " + message);
  }

  private static byte[] all(ByteSource source) throws IOException {
    return ByteSourceContract.read(source, 0, (int) source.size());
  }

  private List<String> told() {
    return findings.stream()
        .map(each -> each.severity() + " " + each.offset().orElse(-1) + " " + each.message())
        .toList();
  }

  @Test
  void aGzipFileOfManyMembers() throws Exception {
    try (ByteSource source =
        open(Packed.gzip(pattern(0, 100)), Packed.gzip(), Packed.gzip(pattern(100, 4900)))) {
      assertThat(all(source)).isEqualTo(BYTES);
      assertThat(source.envelopes()).containsExactly("gzip");
      assertThat(source.name()).isEqualTo(dir.resolve("packed").toString());
      assertThat(findings).isEmpty();
    }
  }

  @Test
  void aLargeGzipFileOfMembersOfOddSizes() throws Exception {
    byte[] bytes = new byte[3 << 20];
    new Random(3).nextBytes(bytes);
    List<byte[]> members = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += 77_777) {
      int end = Math.min(at + 77_777, bytes.length);
      members.add(Packed.gzip(Arrays.copyOfRange(bytes, at, end)));
    }
    try (ByteSource source = open(members.toArray(byte[][]::new))) {
      assertThat(Arrays.equals(all(source), bytes)).isTrue();
      assertThat(findings).isEmpty();
    }
  }

  @Test
  void everyPartOfAGzipHeaderIsPassedOver() throws Exception {
    byte[] plain = Packed.gzip(BYTES);
    byte[] header = Arrays.copyOf(plain, 10);
    header[3] = 1 | 2 | 4 | 8 | 16;
    byte[] optional = {3, 0, 9, 9, 9, 'n', 0, 'c', 'c', 0, 7, 7};
    byte[] rest = Arrays.copyOfRange(plain, 10, plain.length);
    try (ByteSource source = open(header, optional, rest)) {
      assertThat(all(source)).isEqualTo(BYTES);
      assertThat(findings).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18, 19, 20, 21})
  void aGzipFileThatEndsInItsHeader(int size) {
    byte[] header = {
      0x1f, (byte) 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 3, 0, 9, 9, 9, 'n', 0, 'c', 0, 7, 7
    };
    int length = Math.max(2, Math.min(size, header.length));
    assertRefused(
        Arrays.copyOf(header, length),
        spill(Spill.LIMIT),
        "offset 0x"
            + Integer.toHexString(length)
            + ": the gzip file is damaged at 0x"
            + Integer.toHexString(length)
            + (length < header.length ? ": it ends in a member's header" : ": it ends too early")
            + "; what comes before is read");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x20, 0x40, 0x80})
  void aGzipFlagThatIsNotKnown(int flag) {
    byte[] file = Packed.gzip(BYTES);
    file[3] = (byte) flag;
    assertThatThrownBy(() -> open(file))
        .hasMessageContaining("method 8, flags 0x" + Integer.toHexString(flag) + ": not known");
  }

  @Test
  void anotherMethodThanDeflate() {
    byte[] file = Packed.gzip(BYTES);
    file[2] = 7;
    assertThatThrownBy(() -> open(file)).hasMessageContaining("method 7, flags 0x0: not known");
  }

  @Test
  void zerosBehindTheLastMemberAreNothing() throws Exception {
    try (ByteSource source = open(Packed.gzip(BYTES), new byte[700])) {
      assertThat(all(source)).isEqualTo(BYTES);
      assertThat(findings).isEmpty();
    }
  }

  @Test
  void whatElseIsBehindTheLastMemberIsLeftOut() throws Exception {
    byte[] packed = Packed.gzip(BYTES);
    try (ByteSource source = open(packed, new byte[] {1, 2})) {
      assertThat(all(source)).isEqualTo(BYTES);
      assertThat(told())
          .containsExactly(
              "WARNING " + packed.length + " what follows the gzip file's end is left out");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 5, 4, 1})
  void aWrongChecksumOrSizeIsTold(int fromEnd) throws Exception {
    byte[] packed = Packed.gzip(BYTES);
    packed[packed.length - fromEnd]++;
    int behind = packed.length - 8;
    try (ByteSource source = open(packed, Packed.gzip((byte) 1), packed)) {
      assertThat(source.size()).isEqualTo(10_001);
      assertThat(told())
          .containsExactly(
              "ERROR "
                  + behind
                  + " the checksum of what comes before 0x"
                  + Integer.toHexString(behind)
                  + " is wrong");
    }
  }

  @Test
  void ofACutGzipFileAllIsReadThatComesOut() throws Exception {
    byte[] packed = Packed.join(Packed.gzip(pattern(0, 600)), Packed.gzip(pattern(600, 600)));
    byte[] bytes = pattern(0, 1200);
    int second = Packed.gzip(pattern(0, 600)).length;
    long last = 0;
    for (int size = 30; size < packed.length; size++) {
      findings.clear();
      try (ByteSource source = open(Arrays.copyOf(packed, size))) {
        assertThat(all(source)).isEqualTo(Arrays.copyOf(bytes, (int) source.size()));
        assertThat(source.size()).isGreaterThanOrEqualTo(last);
        last = source.size();
        assertThat(findings).hasSize(size == second ? 0 : 1);
        if (size != second) {
          assertThat(findings.getFirst().offset()).hasValue(size);
        }
      } catch (VmcoreException e) {
        assertThat(size).isLessThan(60);
      }
    }
    assertThat(last).isEqualTo(1200);
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

  @Test
  void noMoreIsUnpackedThanTheLimit() throws Exception {
    byte[] packed = Packed.gzip(BYTES);
    open(packed, spill(5000)).close();
    assertRefused(
        packed,
        spill(4999),
        "gzip: it unpacks to more than the limit of 4999 bytes: unpack it first, or give more room"
            + " with --spill-limit");
  }

  @Test
  void noMoreIsUnpackedThanThereIsRoomFor() throws Exception {
    try (FileSystem small =
        Jimfs.newFileSystem(Configuration.unix().toBuilder().setMaxSize(1 << 14).build())) {
      Spill spill =
          new Spill(Optional.of(small.getPath("/")), Spill.LIMIT, new Spill.Listener() {});
      assertRefused(
          Packed.gzip(new byte[1 << 14]),
          spill,
          "gzip: it unpacks to more than the 12288 bytes that / has room for: unpack it first, or"
              + " give another directory with --spill-dir");
    }
  }

  @Test
  void aDirectoryThatIsNotThere() {
    Path missing = dir.resolve("missing");
    assertRefused(
        Packed.gzip(BYTES),
        new Spill(Optional.of(missing), Spill.LIMIT, new Spill.Listener() {}),
        "gzip: can't be unpacked to a file in " + missing + ": no such file or directory");
  }

  @Test
  void theListenerIsTold() throws Exception {
    List<String> told = new ArrayList<>();
    Spill.Listener listener =
        new Spill.Listener() {
          @Override
          public void unpacking(String file, String envelope, Path directory) {
            told.add(file + " " + envelope + " " + directory);
          }

          @Override
          public void progress(long done, long total) {
            told.add(done + " of " + total);
          }
        };
    byte[] packed = Packed.gzip(new byte[(1 << 20) + 5]);
    open(packed, new Spill(Optional.of(spillDir), Spill.LIMIT, listener)).close();
    assertThat(told).hasSize(3);
    assertThat(told.getFirst()).isEqualTo(dir.resolve("packed") + " gzip " + spillDir);
    assertThat(told.getLast()).isEqualTo(packed.length + " of " + packed.length);
  }

  @Test
  void theTemporaryFileIsForNobodyElse() throws Exception {
    assumeTrue(Reading.isLinux());
    try (ByteSource source = open(Packed.gzip(BYTES))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(source.path())))
          .isEqualTo("rw-------");
      assertThat(source.fileKey()).isPresent();
      assertThat(source.mapped()).isPresent();
    }
  }
}
