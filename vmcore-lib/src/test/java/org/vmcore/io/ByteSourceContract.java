package org.vmcore.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.testing.DumpBuilder.pattern;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.Reading;

/** What every {@link ByteSource} does, wherever its bytes come from. */
public abstract class ByteSourceContract {
  public static final int SIZE = 3 << 20;
  public static final byte[] BYTES = pattern(0, SIZE);

  /** Where files are made. */
  protected abstract Path folder() throws IOException;

  /** A source of {@code bytes}. */
  protected abstract ByteSource open(byte[] bytes) throws IOException;

  /** The bytes that one read of {@code size} bytes gives. */
  public static byte[] read(ByteSource source, long position, int size) throws IOException {
    byte[] bytes = new byte[size];
    int got = (int) source.read(position, MemorySegment.ofArray(bytes));
    return Arrays.copyOf(bytes, got);
  }

  private static byte[] expected(int position, int size) {
    return Arrays.copyOfRange(BYTES, position, Math.min(position + size, SIZE));
  }

  @Test
  void readsAtAnyPosition() throws Exception {
    try (ByteSource source = open(BYTES)) {
      assertThat(source.size()).isEqualTo(SIZE);
      for (int position : new int[] {0, 1, 4095, 4096, 1 << 20, (1 << 20) + 1, SIZE - 1}) {
        assertThat(read(source, position, 100)).isEqualTo(expected(position, 100));
      }
      assertThat(read(source, 0, SIZE)).isEqualTo(BYTES);
    }
  }

  @Test
  void isShortAtTheEndAndEmptyBehindIt() throws Exception {
    try (ByteSource source = open(BYTES)) {
      assertThat(read(source, SIZE - 10, 100)).hasSize(10);
      assertThat(read(source, SIZE, 100)).isEmpty();
      assertThat(read(source, Long.MAX_VALUE, 100)).isEmpty();
      assertThat(read(source, -1, 100)).isEmpty();
      assertThat(read(source, 0, 0)).isEmpty();
    }
  }

  @Test
  void tellsWhatIsThere() throws Exception {
    try (ByteSource source = open(BYTES)) {
      assertThat(source.available(0, Long.MAX_VALUE)).isEqualTo(SIZE);
      assertThat(source.available(SIZE - 1, 5)).isEqualTo(1);
      assertThat(source.available(SIZE, 5)).isZero();
      assertThat(source.available(-1, 5)).isZero();
      assertThat(source.lost(SIZE - 1, 5)).isEqualTo(4);
      assertThat(source.lost(SIZE + 7L, 5)).isEqualTo(5);
      assertThat(source.spanAt(5)).isEqualTo(new ByteSource.Span(0, SIZE, true));
      assertThat(source.spanAt(SIZE)).isEqualTo(new ByteSource.Span(SIZE, Long.MAX_VALUE, false));
    }
  }

  @Test
  void inDataThereIsNoHole() throws Exception {
    try (ByteSource source = open(BYTES)) {
      assertThat(source.nextData(0)).isZero();
      assertThat(source.nextData(SIZE - 1)).isEqualTo(SIZE - 1);
    }
  }

  @Test
  void readsIntoNativeMemory() throws Exception {
    try (ByteSource source = open(BYTES);
        Arena arena = Arena.ofConfined()) {
      MemorySegment dst = arena.allocate(100).asSlice(3, 50);
      assertThat(source.read(7, dst)).isEqualTo(50);
      assertThat(dst.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(pattern(7, 50));
      MemorySegment all = arena.allocate(SIZE);
      assertThat(source.read(0, all)).isEqualTo(SIZE);
      assertThat(all.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(BYTES);
    }
  }

  @Test
  void manyThreadsReadAtOnce() throws Exception {
    try (ByteSource source = open(BYTES)) {
      Reading.inThreads(
          () -> {
            Random random = new Random(Thread.currentThread().threadId());
            for (int i = 0; i < 500; i++) {
              int position = random.nextInt(SIZE);
              int size = random.nextInt(0x4000);
              assertThat(Arrays.equals(read(source, position, size), expected(position, size)))
                  .as("%s bytes at %s", size, position)
                  .isTrue();
            }
            return true;
          });
    }
  }

  @Test
  protected void anEmptyFileIsASource() throws Exception {
    try (ByteSource source = open(new byte[0])) {
      assertThat(source.size()).isZero();
      assertThat(read(source, 0, 10)).isEmpty();
    }
  }

  @Test
  void aClosedOneRefuses() throws Exception {
    ByteSource source = open(BYTES);
    source.close();
    source.close();
    assertThatThrownBy(() -> read(source, 0, 1))
        .isInstanceOf(VmcoreException.class)
        .hasMessageContaining("the dump is closed");
  }

  @Test
  void itIsCalledByItsName() throws Exception {
    try (ByteSource source = open(BYTES)) {
      assertThat(source.name()).isEqualTo(folder().resolve("file").toString());
      assertThat(source).hasToString(source.name());
    }
  }
}
