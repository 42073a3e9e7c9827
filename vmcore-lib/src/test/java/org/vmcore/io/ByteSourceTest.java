package org.vmcore.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.testing.DumpBuilder.pattern;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.Reading;

/** A file's bytes, mapped or read piece by piece: the two look the same. */
class ByteSourceTest {
  @TempDir Path dir;

  /** What is true of files as they are. */
  abstract static class Contract extends ByteSourceContract {
    @Override
    protected ByteSource open(byte[] bytes) throws IOException {
      return ByteSource.open(Files.write(folder().resolve("file"), bytes));
    }

    @Test
    void aTruncatedOneSaysSo() throws Exception {
      try (ByteSource source = open(BYTES);
          FileChannel file = FileChannel.open(source.path(), StandardOpenOption.WRITE)) {
        file.truncate(0x1000);
        assertThat(read(source, 0, 0x1000)).isEqualTo(pattern(0, 0x1000));
        assertThatThrownBy(() -> read(source, 0x2000, 1))
            .isInstanceOf(VmcoreException.class)
            .hasMessageEndingWith("the file was truncated while it was open");
      }
    }

    /** What the last page lacks reads as zeros where it is mapped. */
    @Test
    void ofATruncatedOneEachByteIsLostThatIsGone() throws Exception {
      for (int size : new int[] {0x1234, 0x2000, 0x2001, SIZE - 0x800, SIZE - 1}) {
        byte[] ones = new byte[SIZE];
        Arrays.fill(ones, (byte) 1);
        try (ByteSource source = open(ones);
            FileChannel file = FileChannel.open(source.path(), StandardOpenOption.WRITE)) {
          assertThat(read(source, size - 8, 16)).hasSize(Math.min(16, SIZE - size + 8));
          file.truncate(size);
          assertThat(read(source, size - 8, 16)).as("%x", size).hasSize(8).containsOnly(1);
          assertThat(source.available(0, SIZE)).isEqualTo(size);
          assertThat(source.lost(0, SIZE)).isEqualTo(SIZE - size);
          assertThat(source.spanAt(size)).isEqualTo(new ByteSource.Span(size, SIZE, false));
          assertThat(read(source, size, 1)).isEmpty();
          assertThat(source.lossAt(size).orElseThrow().message())
              .isEqualTo("the file was truncated while it was open");
          assertThat(source.lossAt(size - 1)).isEmpty();
        }
      }
    }

    @Test
    void aReadBehindTheCutInTheSamePageIsLost() throws Exception {
      try (ByteSource source = open(BYTES);
          FileChannel file = FileChannel.open(source.path(), StandardOpenOption.WRITE)) {
        file.truncate(0x2100);
        assertThat(source.readPresent(0x2200, MemorySegment.ofArray(new byte[16]))).isZero();
        assertThat(read(source, 0x20f0, 0x100)).isEqualTo(pattern(0x20f0, 0x10));
      }
    }

    @Test
    void aCutIsFoundWithoutARead() throws Exception {
      try (ByteSource source = open(BYTES);
          FileChannel file = FileChannel.open(source.path(), StandardOpenOption.WRITE)) {
        assertThat(source.isFoundCut()).isFalse();
        file.truncate(0x2100);
        assertThat(source.isFoundCut()).isTrue();
        assertThat(source.isFoundCut()).isFalse();
        assertThat(source.available(0x2000, 0x1000)).isEqualTo(0x100);
      }
    }

    @Test
    void itsNameIsThePathAsGiven() throws Exception {
      try (ByteSource source = open(BYTES)) {
        assertThat(source.name()).isEqualTo(source.path().toString());
        assertThat(source.envelopes()).isEmpty();
      }
    }
  }

  @Nested
  class Mapped extends Contract {
    @Override
    protected Path folder() {
      return dir;
    }

    @Test
    void isMemory() throws Exception {
      try (ByteSource source =
          ByteSource.open(Files.write(dir.resolve("file"), ByteSourceContract.BYTES))) {
        assertThat(source.mapped().orElseThrow().byteSize()).isEqualTo(ByteSourceContract.SIZE);
        assertThat(source.mapped().orElseThrow().isReadOnly()).isTrue();
        assertThat(source.fileKey()).isPresent();
      }
    }
  }

  @Nested
  class PieceByPiece extends Contract {
    private final FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix());

    @Override
    protected Path folder() {
      return jimfs.getPath("/");
    }

    @AfterEach
    void closeFileSystem() throws IOException {
      jimfs.close();
    }

    @Test
    void isNoMemory() throws Exception {
      try (ByteSource source =
          ByteSource.open(Files.write(jimfs.getPath("/file"), ByteSourceContract.BYTES))) {
        assertThat(source.mapped()).isEmpty();
      }
    }
  }

  /** As on a file system of the host that has no mmap. */
  @Nested
  class PieceByPieceOfTheHost extends Contract {
    @Override
    protected Path folder() {
      return dir;
    }

    @Override
    protected ByteSource open(byte[] bytes) throws IOException {
      Path file = Files.write(dir.resolve("file"), bytes);
      return new ChannelSource(
          Identity.of(file, Optional.empty()),
          FileChannel.open(file, StandardOpenOption.READ),
          bytes.length);
    }

    @Test
    void anInterruptedReaderLeavesTheOthersAlone() throws Exception {
      try (ByteSource source = open(ByteSourceContract.BYTES)) {
        Reading.inThreads(
            () -> {
              boolean victim = Thread.currentThread().threadId() % 2 == 0;
              for (int i = 0; i < 300; i++) {
                if (victim) {
                  Thread.currentThread().interrupt();
                  assertThatThrownBy(() -> Contract.read(source, 7, 64))
                      .isInstanceOf(VmcoreException.class)
                      .hasMessageEndingWith("interrupted");
                  assertThat(Thread.interrupted()).isTrue();
                }
                assertThat(Contract.read(source, 7, 64)).isEqualTo(pattern(7, 64));
              }
              return true;
            });
      }
    }
  }
}
