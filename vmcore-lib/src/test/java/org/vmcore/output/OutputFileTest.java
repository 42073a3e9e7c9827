package org.vmcore.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Feature;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.ChildJvm;

@Timeout(60)
final class OutputFileTest extends OutputFolder {
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
  void isLookedAtBeforeItGetsItsName() throws Exception {
    Path target = dir.resolve("out");
    try (OutputFile out = OutputFile.create(target, NEW)) {
      out.write(new byte[] {1}, 0, 1);
      out.skip(100_000);
      assertThat(Files.size(out.staged())).isEqualTo(100_001);
      assertThat(names(dir)).hasSize(1).doesNotContain("out");
      out.commitAs(dir.resolve("other"));
    }
    assertThat(names(dir)).containsExactly("other");
  }

  @Test
  void aNameThatIsTakenCanBeFollowedByAnother() throws Exception {
    Path taken = Files.writeString(dir.resolve("taken"), "old");
    try (OutputFile out = OutputFile.create(dir.resolve("out"), NEW)) {
      out.write(new byte[] {1}, 0, 1);
      assertThatThrownBy(() -> out.commitAs(taken))
          .hasMessage(taken + ": cannot complete: it already exists");
      assertThatThrownBy(() -> out.commitAs(dir.resolve("sub/out")))
          .isInstanceOf(IllegalArgumentException.class);
      out.commitAs(dir.resolve("free"));
    }
    assertThat(taken).hasContent("old");
    assertThat(dir.resolve("free")).hasBinaryContent(new byte[] {1});
    assertThat(names(dir)).containsExactly("free", "taken");
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

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSwappedTemporaryNameSendsNothingElsewhere(boolean force) throws Exception {
    Path other = Files.writeString(dir.resolve("other"), "somebody else's");
    Path target = dir.resolve("out");
    try (OutputFile out = OutputFile.create(target, force ? FORCE : NEW)) {
      out.write(new byte[] {1}, 0, 1);
      Path staged = staged();
      Files.delete(staged);
      Files.createLink(staged, other);

      assertThatThrownBy(out::commit)
          .hasMessageEndingWith(": cannot complete: its name leads to another file");
    }
    assertThat(target).doesNotExist();
    assertThat(names(dir)).as("what isn't ours isn't deleted").hasSize(2);
    assertThat(other).hasContent("somebody else's");
  }

  @Test
  void aTemporaryNameThatBecameALinkIsNotFollowed() throws Exception {
    Path other = Files.writeString(dir.resolve("other"), "somebody else's");
    try (OutputFile out = OutputFile.create(dir.resolve("out"), FORCE)) {
      out.write(new byte[] {1}, 0, 1);
      Path staged = staged();
      Files.delete(staged);
      Files.createSymbolicLink(staged, other);

      assertThatThrownBy(out::commit).hasMessageEndingWith("its name leads to another file");
    }
    assertThat(other).hasContent("somebody else's");
  }

  private Path staged() throws IOException {
    return dir.resolve(
        names(dir).stream().filter(name -> name.endsWith(".tmp")).findFirst().orElseThrow());
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

  /** In a JVM of its own, which creates no file any more. */
  @Test
  void nothingIsCreatedOnceAllIsAbandonedForGood() throws Exception {
    assertThat(ChildJvm.run(CreatesAfterTheEnd.class, dir))
        .containsExactly(dir.resolve("late") + ": cannot create: the process is ending");
    assertThat(names(dir)).isEmpty();
  }

  /** Writes a file, is told to end, writes another one. */
  static final class CreatesAfterTheEnd {
    public static void main(String[] args) throws Exception {
      try (OutputFile out = OutputFile.create(Path.of(args[0], "out"), NEW)) {
        out.write(new byte[] {1}, 0, 1);
        OutputFile.abandonAllForGood();
        OutputFile.create(Path.of(args[0], "late"), NEW).close();
      } catch (VmcoreException e) {
        System.out.println(e.getMessage());
      }
    }
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
