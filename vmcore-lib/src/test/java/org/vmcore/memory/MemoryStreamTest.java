package org.vmcore.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vmcore.testing.DumpBuilder.pattern;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.Vmcore;
import org.vmcore.open.OpenOptions;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.LossyMemory;

/** A range of memory as bytes, as a stream and as a channel. */
class MemoryStreamTest {
  private static final Memory MEMORY = LossyMemory.of(0x6000, 0x2000);

  private static final String LOST =
      "memory: offset 0x102000: 0x2000 is lost: page frame 0x2: zlib: incorrect data check";

  @Test
  void bytesAreThereOrNotAtAll() throws IOException {
    assertThat(MEMORY.readBytes(0x10, 0x1fe0)).isEqualTo(pattern(0x10, 0x1fe0));
    assertThat(MEMORY.readBytes(0x2000, 0)).isEmpty();
    UnreadableException lost =
        catchThrowableOfType(
            UnreadableException.class, () -> MEMORY.readBytes(0x1ff0, Integer.MAX_VALUE));
    assertThat(lost).hasMessage(LOST);
    assertThat(lost.address()).isEqualTo(0x2000);
    assertThat(lost.state()).isEqualTo(PageState.LOST);
    assertThat(lost.isLoss()).isTrue();
    assertThatThrownBy(() -> MEMORY.readBytes(0x7000, 1))
        .hasMessage("memory: 0x7000 isn't RAM: the dump knows of no memory there");
    assertThatThrownBy(() -> MEMORY.readBytes(0, -1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MEMORY.readBytes(-1, 2)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void manyBytesAreReadInPieces() throws IOException {
    assertThat(LossyMemory.of(0x50000).readBytes(3, 0x4fff0)).isEqualTo(pattern(3, 0x4fff0));
  }

  @Test
  void errorsNameTheDump() throws IOException {
    try (Vmcore vmcore =
        Vmcore.of(
            "dump",
            DumpBuilder.elf64().ramImage().load(0, 0x6000).crashHeaders(),
            LossyMemory.of(0x6000, 0x2000),
            OpenOptions.DEFAULT)) {
      assertThatThrownBy(() -> vmcore.physical().readBytes(0x2000, 1))
          .hasMessage(LOST.replace("memory:", "dump:"));
    }
  }

  @Test
  void aStreamFailsAtWhatCantBeReadAndGoesOnBehindIt() throws IOException {
    try (InputStream in = MEMORY.stream(0x1ff0, 0x1020)) {
      assertThat(in.readNBytes(0x10)).isEqualTo(pattern(0x1ff0, 0x10));
      assertThat(in.available()).isEqualTo(0x1010);
      assertThatThrownBy(in::read).isInstanceOf(UnreadableException.class).hasMessage(LOST);
      assertThatThrownBy(in::read).isInstanceOf(UnreadableException.class);
      assertThat(in.skip(0x1000)).isEqualTo(0x1000);
      assertThat(in.readAllBytes()).isEqualTo(pattern(0x3000, 0x10));
      assertThat(in.read()).isEqualTo(-1);
      assertThat(in.skip(1)).isZero();
      assertThat(in.available()).isZero();
    }
  }

  /** Those in front of it may be had by a read of any size, and none is given twice or lost. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 0x1000, 0xffff, 0x10000, 0x30001, 0x100000})
  void noByteIsLostInFrontOfWhatFails(int most) throws IOException {
    int broken = 0x4b000;
    try (InputStream in = LossyMemory.of(0x100000, broken).stream(3, 0xfff00)) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      byte[] bytes = new byte[most];
      while (all.size() < broken - 3) {
        all.write(bytes, 0, in.read(bytes));
      }
      assertThat(all.toByteArray()).isEqualTo(pattern(3, broken - 3));
      assertThatThrownBy(() -> in.read(bytes)).isInstanceOf(UnreadableException.class);
      assertThat(in.read(bytes, 0, 0)).isZero();
      assertThat(in.skip(0x1000)).isEqualTo(0x1000);
      assertThat(in.read(bytes)).isBetween(1, most);
      assertThat(bytes[0]).isEqualTo(pattern(broken + 0x1000, 1)[0]);
    }
  }

  @Test
  void markedBytesComeAgainByLargeReads() throws IOException {
    InputStream in = LossyMemory.of(0x50000).stream(0, 0x40000);
    in.mark(0x40000);
    byte[] bytes = new byte[0x20000];
    assertThat(in.readNBytes(bytes, 0, bytes.length)).isEqualTo(bytes.length);
    in.reset();
    assertThat(in.readAllBytes()).isEqualTo(pattern(0, 0x40000));
    assertThat(in.read(bytes)).isEqualTo(-1);
    in.close();
    assertThatThrownBy(() -> in.read(bytes)).isInstanceOf(IOException.class);
  }

  @Test
  void aStreamOfZerosGoesOn() throws IOException {
    byte[] expected = pattern(0, 0x6000);
    Arrays.fill(expected, 0x2000, 0x3000, (byte) 0);
    try (InputStream in = MEMORY.stream(0, 0x7000, OnMissing.ZEROS)) {
      assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOf(expected, 0x7000));
    }
  }

  @Test
  void aStreamIsMarkedAndClosed() throws IOException {
    InputStream in = MEMORY.stream(0x100, 0x100);
    in.mark(0x100);
    assertThat(in.readNBytes(0x80)).isEqualTo(pattern(0x100, 0x80));
    in.reset();
    assertThat(in.readAllBytes()).isEqualTo(pattern(0x100, 0x100));
    in.close();
    assertThatThrownBy(in::read).isInstanceOf(IOException.class);
  }

  @Test
  void aChannelIsReadAnywhere() throws IOException {
    try (SeekableByteChannel channel = MEMORY.channel(0x1000, 0x2800)) {
      assertThat(channel.size()).isEqualTo(0x2800);
      ByteBuffer bytes = ByteBuffer.allocate(0x20);
      assertThat(channel.position(0x27f0).read(bytes)).isEqualTo(0x10);
      assertThat(Arrays.copyOf(bytes.array(), 0x10)).isEqualTo(pattern(0x37f0, 0x10));
      assertThat(channel.position()).isEqualTo(0x2800);
      assertThat(channel.read(bytes)).isEqualTo(-1);
      assertThat(channel.position(Long.MAX_VALUE).read(bytes)).isEqualTo(-1);
      assertThat(bytes.position()).isEqualTo(0x10);
      assertThat(channel.position(0xff8).read(bytes.clear())).isEqualTo(8);
      assertThatThrownBy(() -> channel.read(bytes)).hasMessage(LOST);
      assertThat(channel.position()).isEqualTo(0x1000);
      assertThat(channel.position(0).read(ByteBuffer.allocate(0))).isZero();
    }
  }

  @Test
  void aChannelIsReadOnlyAndOpenUntilItIsClosed() throws IOException {
    SeekableByteChannel channel = MEMORY.channel(0, 0x1000);
    ByteBuffer bytes = ByteBuffer.allocate(1);
    assertThatThrownBy(() -> channel.write(bytes)).isInstanceOf(NonWritableChannelException.class);
    assertThatThrownBy(() -> channel.truncate(0)).isInstanceOf(NonWritableChannelException.class);
    assertThatThrownBy(() -> channel.position(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> channel.read(bytes.asReadOnlyBuffer()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(channel.isOpen()).isTrue();
    channel.close();
    channel.close();
    assertThat(channel.isOpen()).isFalse();
    assertThatThrownBy(() -> channel.read(bytes)).isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(channel::size).isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(channel::position).isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void rangesThatAreNoneAreRefused() {
    assertThatThrownBy(() -> MEMORY.stream(0, -1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MEMORY.channel(-0x1000, 0x1001))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void threadsShareAChannel() throws IOException {
    ConcurrentHashMap<Byte, Integer> seen = new ConcurrentHashMap<>();
    try (SeekableByteChannel channel = LossyMemory.of(0x4000).channel(0, 0x4000)) {
      IntStream.range(0, 0x4000)
          .parallel()
          .forEach(
              _ -> {
                ByteBuffer one = ByteBuffer.allocate(1);
                try {
                  assertThat(channel.read(one)).isEqualTo(1);
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
                seen.merge(one.get(0), 1, Integer::sum);
              });
    }
    ConcurrentHashMap<Byte, Integer> expected = new ConcurrentHashMap<>();
    for (byte each : pattern(0, 0x4000)) {
      expected.merge(each, 1, Integer::sum);
    }
    assertThat(seen).isEqualTo(expected);
  }

  @Test
  void aClosedDumpIsAnError() throws IOException {
    Vmcore vmcore =
        Vmcore.of(
            "dump",
            DumpBuilder.elf64().ramImage().load(0, 0x6000).crashHeaders(),
            LossyMemory.of(0x6000),
            OpenOptions.DEFAULT);
    try (InputStream in = vmcore.physical().stream(0, 0x6000)) {
      vmcore.close();
      assertThatThrownBy(in::read)
          .isInstanceOf(VmcoreException.class)
          .hasMessage("dump: the dump is closed");
    }
  }
}
