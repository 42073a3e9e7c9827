package org.vmcore.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Where the data of files begin behind their holes. */
@EnabledOnOs(OS.LINUX)
final class HolesTest {
  private static final long MIB = 1 << 20;
  private static final long SIZE = 1024 * MIB;

  /** A file system has blocks: data may begin and end a little around what was written. */
  private static final long BLOCK = 1 << 16;

  @TempDir Path dir;
  private Path file = Path.of("file");

  @BeforeEach
  void sparse() throws IOException {
    file = dir.resolve("file");
    try (FileChannel out = open(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      out.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 100 * MIB);
      out.write(ByteBuffer.wrap(new byte[] {4, 5, 6}), 600 * MIB);
      out.write(ByteBuffer.wrap(new byte[] {0}), SIZE - 1);
      out.truncate(SIZE - MIB);
      out.write(ByteBuffer.wrap(new byte[] {7}), 700 * MIB);
    }
    try (ByteSource source = ByteSource.open(file)) {
      assumeTrue(source.nextData(0) > 0, "a file system with holes");
    }
  }

  private FileChannel open(StandardOpenOption... options) throws IOException {
    return FileChannel.open(file, options);
  }

  private ByteSource unmapped() throws IOException {
    Identity identity = Identity.of(file, ByteSource.key(file));
    return new ChannelSource(identity, open(StandardOpenOption.READ), Files.size(file));
  }

  private static void hasTheHoles(ByteSource source) {
    long first = source.nextData(0);
    assertThat(first).isBetween(100 * MIB - BLOCK, 100 * MIB);
    assertThat(source.nextData(100 * MIB + 1)).isEqualTo(100 * MIB + 1);
    assertThat(source.nextData(101 * MIB)).isBetween(600 * MIB - BLOCK, 600 * MIB);
    assertThat(source.nextData(first)).isEqualTo(first);
    assertThat(source.nextData(700 * MIB + BLOCK)).isEqualTo(source.size());
    assertThat(source.nextData(source.size())).isEqualTo(source.size());
  }

  @Test
  void ofAMappedFile() throws Exception {
    try (ByteSource source = ByteSource.open(file)) {
      assertThat(source.mapped()).isPresent();
      hasTheHoles(source);
    }
  }

  @Test
  void ofAFileThatIsReadPieceByPiece() throws Exception {
    try (ByteSource source = unmapped()) {
      hasTheHoles(source);
    }
  }

  @Test
  void whatAFileWasCutByIsNoHole() throws Exception {
    try (ByteSource source = ByteSource.open(file);
        FileChannel out = open(StandardOpenOption.WRITE)) {
      out.truncate(650 * MIB);
      assertThat(source.nextData(610 * MIB)).isEqualTo(650 * MIB);
      assertThat(source.nextData(800 * MIB)).isEqualTo(800 * MIB);
    }
  }

  @Test
  void aHoleThatIsFilledIsNoneAnyMore() throws Exception {
    try (ByteSource source = ByteSource.open(file);
        FileChannel out = open(StandardOpenOption.WRITE)) {
      assertThat(source.nextData(200 * MIB)).isGreaterThan(500 * MIB);
      out.write(ByteBuffer.wrap(new byte[] {9}), 300 * MIB);
      assertThat(source.nextData(200 * MIB)).isBetween(300 * MIB - BLOCK, 300 * MIB);
    }
  }

  @Test
  void ofAFileThatWasReplacedNothingIsKnown() throws Exception {
    try (ByteSource source = ByteSource.open(file)) {
      Path other = Files.write(dir.resolve("other"), new byte[1]);
      Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
      assertThat(source.nextData(0)).isZero();
    }
  }

  @Test
  void ofAFileWithoutAKeyNothingIsKnown() throws Exception {
    Identity identity = Identity.of(file, Optional.empty());
    try (ByteSource source =
        new ChannelSource(identity, open(StandardOpenOption.READ), Files.size(file))) {
      assertThat(source.nextData(0)).isZero();
    }
  }

  @Test
  void ofAClosedOneNothingIsKnown() throws Exception {
    ByteSource source = ByteSource.open(file);
    source.nextData(0);
    source.close();
    assertThat(source.nextData(5)).isEqualTo(5);
  }
}
