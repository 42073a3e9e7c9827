package org.vmcore.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Feature;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.memory.VmcoreException;

@Timeout(60)
final class OutputFileTest {
  private static final OutputFile.Options NEW = new OutputFile.Options(false, true);
  private static final OutputFile.Options FORCE = new OutputFile.Options(true, false);

  @TempDir Path dir;

  private static void write(Path target, OutputFile.Options options, String text)
      throws VmcoreException {
    try (OutputFile out = OutputFile.create(target, options)) {
      out.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
      out.commit();
    }
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static Path child(String pathOfOutput, ProcessBuilder.Redirect stdout)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                WriteChild.class.getName(),
                pathOfOutput)
            .redirectOutput(stdout)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.waitFor()).isZero();
    return stdout.file().toPath();
  }

  /** Writes "abc", 5 zeros and "def" to the path it is given. */
  static final class WriteChild {
    public static void main(String[] args) throws Exception {
      try (OutputFile out = OutputFile.create(Path.of(args[0]), NEW)) {
        out.write("abc".getBytes(UTF_8), 0, 3);
        out.skip(5);
        out.write("def".getBytes(UTF_8), 0, 3);
        out.commit();
      }
    }
  }

  @Test
  void appearsOnlyWhenCommitted() throws Exception {
    Path target = dir.resolve("out");
    try (OutputFile out = OutputFile.create(target, NEW)) {
      out.write(new byte[] {1, 2, 3, 4}, 1, 2);
      assertThat(target).doesNotExist();
      out.commit();
    }
    assertThat(target).hasBinaryContent(new byte[] {2, 3});
    assertThat(names(dir)).containsExactly("out");
  }

  @Test
  void leavesNothingWhenNotCommitted() throws Exception {
    try (OutputFile out = OutputFile.create(dir.resolve("out"), NEW)) {
      out.skip(10_000_000);
      out.write(new byte[] {1}, 0, 1);
    }
    assertThat(names(dir)).isEmpty();
  }

  @Test
  void isForItsOwnerOnlyFromTheStart() throws Exception {
    try (OutputFile out = OutputFile.create(dir.resolve("out"), NEW)) {
      String temporary = names(dir).getFirst();
      var mode = Files.getPosixFilePermissions(dir.resolve(temporary));
      assertThat(PosixFilePermissions.toString(mode)).isEqualTo("rw-------");
      out.commit();
    }
  }

  @Test
  void keepsAnExistingFileWithoutForce() throws Exception {
    Path target = Files.writeString(dir.resolve("out"), "old");
    assertThatThrownBy(() -> write(target, NEW, "new"))
        .isInstanceOf(VmcoreException.class)
        .hasMessage(target + ": cannot create: it already exists");
    assertThat(target).hasContent("old");
    assertThat(names(dir)).containsExactly("out");
  }

  @Test
  void replacesAnExistingFileWithForce() throws Exception {
    Path target = Files.writeString(dir.resolve("out"), "old and longer");
    write(target, FORCE, "new");
    assertThat(target).hasContent("new");
    assertThat(names(dir)).containsExactly("out");
  }

  @Test
  void keepsAFileThatAppearedBeforeCommit() throws Exception {
    Path target = dir.resolve("out");
    try (OutputFile out = OutputFile.create(target, NEW)) {
      out.write(new byte[] {1}, 0, 1);
      Files.writeString(target, "somebody else's");
      assertThatThrownBy(out::commit).hasMessage(target + ": cannot complete: it already exists");
    }
    assertThat(target).hasContent("somebody else's");
    assertThat(names(dir)).containsExactly("out");
  }

  @Test
  void followsASymbolicLinkAndLeavesIt() throws Exception {
    Path real = Files.writeString(Files.createDirectory(dir.resolve("a")).resolve("real"), "old");
    Path link = Files.createSymbolicLink(dir.resolve("link"), Path.of("a", "real"));
    assertThatThrownBy(() -> write(link, NEW, "new")).hasMessageContaining("already exists");
    write(link, FORCE, "new");
    assertThat(link).isSymbolicLink();
    assertThat(Files.isSymbolicLink(real)).isFalse();
    assertThat(real).hasContent("new");
  }

  @Test
  void createsWhatADanglingLinkLeadsTo() throws Exception {
    Path link = Files.createSymbolicLink(dir.resolve("link"), Path.of("two"));
    Files.createSymbolicLink(dir.resolve("two"), Path.of("real"));
    write(link, NEW, "new");
    assertThat(names(dir)).containsExactly("link", "real", "two");
    assertThat(dir.resolve("real")).hasContent("new");
    assertThat(Files.isRegularFile(dir.resolve("real"), LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @Test
  void namesALoopOfLinks() throws Exception {
    Path a = Files.createSymbolicLink(dir.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(dir.resolve("b"), Path.of("a"));
    assertThatThrownBy(() -> write(a, FORCE, ""))
        .hasMessage(a + ": cannot create: symbolic links loop");
  }

  @Test
  void refusesADirectory() {
    assertThatThrownBy(() -> write(dir, FORCE, ""))
        .hasMessage(dir + ": cannot create: is a directory");
  }

  @Test
  void namesTheMissingDirectory() throws Exception {
    Path missing = dir.resolve("no").resolve("out");
    assertThatThrownBy(() -> write(missing, NEW, ""))
        .hasMessage(
            missing + ": cannot create: " + dir.resolve("no") + " is not a directory that exists");
    Path below = Files.writeString(dir.resolve("file"), "").resolve("out");
    assertThatThrownBy(() -> write(below, NEW, ""))
        .hasMessage(
            below + ": cannot create: " + dir.resolve("file") + " is not a directory that exists");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void saysThatPermissionIsMissing() {
    assertThatThrownBy(() -> write(Path.of("/sys/vmcore-test"), NEW, ""))
        .isInstanceOf(VmcoreException.class)
        .hasMessage("/sys/vmcore-test: cannot create: permission denied");
  }

  @Test
  void takesANameOfTheGreatestLength() throws Exception {
    Path target = dir.resolve("x".repeat(255));
    write(target, NEW, "new");
    assertThat(target).hasContent("new");
    assertThatThrownBy(() -> write(dir.resolve("x".repeat(256)), NEW, ""))
        .hasMessageEndingWith(": cannot create: File name too long");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void namesTheOffsetWhereADeviceIsFull() {
    assertThatThrownBy(() -> write(Path.of("/dev/full"), NEW, "abc"))
        .hasMessage("/dev/full: offset 0x0: cannot write: No space left on device");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void afterAFailureNothingMoreIsWritten() throws Exception {
    byte[] data = new byte[4 << 20];
    try (OutputFile out = OutputFile.create(Path.of("/dev/full"), NEW)) {
      assertThatThrownBy(() -> out.write(data, 0, data.length)).hasMessageContaining("0x0");
      assertThatThrownBy(() -> out.write(data, 0, data.length)).hasMessageContaining("0x0");
      assertThatThrownBy(out::commit).hasMessageContaining("0x0");
    }
  }

  @Test
  void appendsWhatAReaderGives() throws Exception {
    Path target = dir.resolve("out");
    try (OutputFile out = OutputFile.create(target, NEW)) {
      long got = 0;
      while (out.position() < 3 << 20) {
        got += out.append((3 << 20) - out.position(), dst -> dst.fill((byte) 7).byteSize());
      }
      out.commit();
      assertThat(got).isEqualTo(3 << 20);
    }
    byte[] wanted = new byte[3 << 20];
    Arrays.fill(wanted, (byte) 7);
    assertThat(Files.readAllBytes(target)).isEqualTo(wanted);
  }

  @Test
  void leavesNothingOnAFullDisk() throws Exception {
    var small = Configuration.unix().toBuilder().setMaxSize(4 << 20).setBlockSize(4096).build();
    try (FileSystem fs = Jimfs.newFileSystem(small)) {
      Path target = fs.getPath("out");
      byte[] data = new byte[6 << 20];
      Arrays.fill(data, (byte) 1);
      assertThatThrownBy(
              () -> {
                try (OutputFile out = OutputFile.create(target, NEW)) {
                  out.write(data, 0, data.length);
                  out.commit();
                }
              })
          .isInstanceOf(VmcoreException.class)
          .hasMessageContaining("out: offset 0x")
          .hasMessageContaining("cannot write: out of disk space");
      assertThat(names(fs.getPath("/work"))).isEmpty();
    }
  }

  @Test
  void worksInMemoryFileSystems() throws Exception {
    for (Configuration os : List.of(Configuration.unix(), Configuration.windows())) {
      try (FileSystem fs = Jimfs.newFileSystem(os)) {
        Path target = fs.getPath("out");
        write(target, NEW, "one");
        assertThatThrownBy(() -> write(target, NEW, "two")).hasMessageContaining("already exists");
        write(target, FORCE, "three");
        assertThat(Files.readString(target)).isEqualTo("three");
        assertThat(names(fs.getPath("").toAbsolutePath())).containsExactly("out");
      }
    }
  }

  @Test
  void keepsAFileThatAppearedWhereThereAreNoHardLinks() throws Exception {
    Configuration noLinks =
        Configuration.unix().toBuilder()
            .setSupportedFeatures(Feature.SYMBOLIC_LINKS, Feature.FILE_CHANNEL)
            .build();
    try (FileSystem fs = Jimfs.newFileSystem(noLinks)) {
      Path target = fs.getPath("out");
      write(target, NEW, "one");
      Path raced = fs.getPath("raced");
      try (OutputFile out = OutputFile.create(raced, NEW)) {
        Files.writeString(raced, "somebody else's");
        assertThatThrownBy(out::commit).hasMessage("raced: cannot complete: it already exists");
      }
      assertThat(Files.readString(raced)).isEqualTo("somebody else's");
      assertThat(names(fs.getPath("").toAbsolutePath())).containsExactly("out", "raced");
    }
  }

  @Test
  void writesExactlyWhatItIsGivenInPiecesOfAnySize() throws Exception {
    Random random = new Random(7);
    byte[] expected = new byte[9_000_001];
    for (int at = 0; at < expected.length; at += 1 + random.nextInt(200_000)) {
      byte[] data = new byte[Math.min(random.nextInt(20_000), expected.length - at)];
      random.nextBytes(data);
      System.arraycopy(data, 0, expected, at, data.length);
    }
    Path target = dir.resolve("out");
    try (Arena arena = Arena.ofConfined();
        OutputFile out = OutputFile.create(target, NEW)) {
      MemorySegment bytes = arena.allocate(expected.length);
      bytes.copyFrom(MemorySegment.ofArray(expected));
      int at = 0;
      while (at < expected.length) {
        int n = Math.min(random.nextInt(1 << random.nextInt(22)) + 1, expected.length - at);
        MemorySegment piece = bytes.asSlice(at, n);
        switch (random.nextInt(4)) {
          case 0 -> out.write(expected, at, n);
          case 1 -> out.write(ByteBuffer.wrap(expected, at, n));
          case 2 -> out.write(piece);
          default -> {
            if (isZero(expected, at, n)) {
              out.skip(n);
            } else {
              out.write(piece);
            }
          }
        }
        at += n;
        assertThat(out.position()).isEqualTo(at);
      }
      out.commit();
    }
    assertThat(Files.readAllBytes(target)).isEqualTo(expected);
    assertThat(blocks(target)).isLessThan(expected.length * 3L / 4);
  }

  private static boolean isZero(byte[] bytes, int at, int size) {
    return Arrays.equals(bytes, at, at + size, new byte[size], 0, size);
  }

  /** Bytes the file takes on the disk: the page cache is written out first. */
  private static long blocks(Path file) throws IOException, InterruptedException {
    Process du = new ProcessBuilder("du", "-B1", file.toString()).start();
    String line = new String(du.getInputStream().readAllBytes(), UTF_8);
    assertThat(du.waitFor()).isZero();
    return Long.parseLong(line.substring(0, line.indexOf('\t')));
  }

  @Test
  void skipsTerabytesWithoutWritingThem() throws Exception {
    Path target = dir.resolve("out");
    try (OutputFile out = OutputFile.create(target, NEW)) {
      out.write(new byte[] {1}, 0, 1);
      out.skip((4L << 40) - 1);
      out.write(new byte[] {2}, 0, 1);
      out.skip((1L << 40) + 5);
      out.commit();
    }
    assertThat(Files.size(target)).isEqualTo((5L << 40) + 6);
    assertThat(blocks(target)).isLessThan(64 << 10);
    try (FileChannel channel = FileChannel.open(target)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, 4L << 40);
      assertThat(one.get(0)).isEqualTo((byte) 2);
    }
  }

  @Test
  void rejectsAnImpossibleSkip() throws Exception {
    try (OutputFile out = OutputFile.create(dir.resolve("out"), NEW)) {
      out.skip(4096);
      assertThatThrownBy(() -> out.skip(-1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> out.skip(Long.MAX_VALUE))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void refusesWritingAfterCommit() throws Exception {
    try (OutputFile out = OutputFile.create(dir.resolve("out"), NEW)) {
      out.commit();
      assertThatThrownBy(() -> out.skip(1)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(out::commit).isInstanceOf(IllegalStateException.class);
    }
    assertThat(dir.resolve("out")).isEmptyFile();
  }

  @Test
  void abandonsWhatIsBeingWritten() throws Exception {
    write(dir.resolve("done"), NEW, "kept");
    try (OutputFile out = OutputFile.create(dir.resolve("out"), NEW)) {
      out.write(new byte[] {1}, 0, 1);
      OutputFile.abandonAll();
      assertThat(names(dir)).containsExactly("done");
      assertThatThrownBy(out::commit).hasMessageEndingWith(": cannot complete: it was abandoned");
    }
    assertThat(names(dir)).containsExactly("done");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void givesAPipeEveryByteInOrder() throws Exception {
    Path pipe = dir.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    CompletableFuture<byte[]> reader = CompletableFuture.supplyAsync(() -> readAll(pipe));
    try (OutputFile out = OutputFile.create(pipe, NEW)) {
      out.skip(3 << 20);
      out.write(new byte[] {1, 2}, 0, 2);
      out.skip(3);
      out.commit();
    }
    byte[] expected = new byte[(3 << 20) + 5];
    expected[3 << 20] = 1;
    expected[(3 << 20) + 1] = 2;
    assertThat(reader.get()).isEqualTo(expected);
    assertThat(names(dir)).containsExactly("pipe");
  }

  private static byte[] readAll(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void saysThatThePipesReaderIsGone() throws Exception {
    Path pipe = dir.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    CompletableFuture<Integer> reader =
        CompletableFuture.supplyAsync(
            () -> {
              try (InputStream in = Files.newInputStream(pipe)) {
                return in.read();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    try (OutputFile out = OutputFile.create(pipe, NEW)) {
      assertThatThrownBy(() -> out.skip(64 << 20))
          .isInstanceOfSatisfying(
              VmcoreException.class, e -> assertThat(e.reason()).isEqualTo(OutputFile.READER_GONE));
    }
    assertThat(reader.get()).isZero();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void writesToADevice() throws Exception {
    write(Path.of("/dev/null"), NEW, "new");
    write(Files.createSymbolicLink(dir.resolve("null"), Path.of("/dev/null")), NEW, "new");
    assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void goesOnWhereStandardOutputStands() throws Exception {
    for (String stdout : List.of("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")) {
      Path file = Files.writeString(dir.resolve("log"), "before ");
      child(stdout, ProcessBuilder.Redirect.appendTo(file.toFile()));
      assertThat(file).hasContent("before abc\0\0\0\0\0def");
    }
    assertThat(names(dir)).containsExactly("log");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void appendsToTheFileBehindAnyOtherDescriptor() throws Exception {
    Path file = Files.writeString(dir.resolve("log"), "before ");
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
      write(descriptorOf(file), NEW, "new");
      assertThat(opened.length()).isEqualTo(10);
    }
    assertThat(file).hasContent("before new");
    assertThatThrownBy(() -> write(Path.of("/dev/fd/99999"), NEW, ""))
        .hasMessage("/dev/fd/99999: cannot create: no such descriptor is open");
  }

  private static Path descriptorOf(Path file) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        if (Files.exists(descriptor) && Files.isSameFile(descriptor, file)) {
          found.add(Path.of("/dev/fd").resolve(descriptor.getFileName()));
        }
      }
    }
    return found.getFirst();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void doesNotAppearWhenItsMappedSourceWasTruncated() throws Exception {
    Path source = dir.resolve("source");
    Files.write(source, new byte[1 << 20]);
    Path target = dir.resolve("out");
    try (Arena arena = Arena.ofShared();
        FileChannel channel = FileChannel.open(source)) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, 1 << 20, arena);
      try (RandomAccessFile file = new RandomAccessFile(source.toFile(), "rw")) {
        file.setLength(4096);
      }
      assertThatThrownBy(
              () -> {
                try (OutputFile out = OutputFile.create(target, NEW)) {
                  out.write(mapped);
                  out.commit();
                }
              })
          .isInstanceOf(InternalError.class);
    }
    assertThat(names(dir)).containsExactly("source");
  }
}
