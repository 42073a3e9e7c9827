package org.vmcore.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vmcore.memory.VmcoreException;

/** Outputs by the name of a link, a directory, a pipe, a device or a descriptor. */
final class OutputTargetsTest extends OutputFolder {
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
}
