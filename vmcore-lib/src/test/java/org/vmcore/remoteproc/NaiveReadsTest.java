package org.vmcore.remoteproc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vmcore.memory.Memory;

/** The same checks find the mistakes in naive reads, and none in those of the library. */
class NaiveReadsTest {
  private static final byte[] FIRST = Cores.bytes(1, 1000);
  private static final byte[] SECOND = Cores.bytes(2, 333);

  private static RemoteprocCoredump core() throws IOException {
    return Cores.elf32()
        .segment(DumpSegment.custom(0x1000, FIRST.length, Cores.callback(FIRST)))
        .segment(DumpSegment.custom(0x2000, SECOND.length, Cores.callback(SECOND)))
        .build();
  }

  private static byte[] headers() throws IOException {
    byte[] headers = new byte[(int) core().headerSize()];
    core().image().read(0, MemorySegment.ofArray(headers));
    return headers;
  }

  private static byte[] file() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(headers());
    file.writeBytes(FIRST);
    file.writeBytes(SECOND);
    return file.toByteArray();
  }

  /** A reader that goes on until 0 has the whole file, and nothing else. */
  private static void requireEveryByte(Memory core, int piece) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[piece];
    long got = core.read(0, MemorySegment.ofArray(buffer));
    while (got > 0) {
      out.write(buffer, 0, (int) got);
      got = core.read(out.size(), MemorySegment.ofArray(buffer));
    }
    assertThat(out.toByteArray()).isEqualTo(file());
  }

  @Test
  void theLibrarysReadsHaveNeitherMistake() throws IOException {
    for (int piece : new int[] {1, 7, 100, 4096}) {
      requireEveryByte(core().image(), piece);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSameCheckFindsTheMistake(NaiveReads.Mistake mistake) throws IOException {
    Memory naive = new NaiveReads(List.of(headers(), FIRST, SECOND), mistake);

    requireEveryByte(naive, 1); // it works as long as pieces end where the file ends
    assertThatThrownBy(() -> requireEveryByte(naive, 100)).isInstanceOf(AssertionError.class);
  }

  @Test
  void theTailIsLostOrMadeUp() throws IOException {
    byte[] file = file();
    byte[] buffer = new byte[100];
    long tail = file.length - 10L;
    List<byte[]> parts = List.of(headers(), FIRST, SECOND);

    assertThat(read(parts, NaiveReads.Mistake.ZERO_AFTER_A_PARTIAL_COPY, tail, buffer)).isZero();
    assertThat(read(parts, NaiveReads.Mistake.COUNT_ASKED_FOR, tail, buffer)).isEqualTo(100);
    assertThat(core().image().read(tail, MemorySegment.ofArray(buffer))).isEqualTo(10);
    assertThat(Arrays.copyOf(buffer, 10))
        .isEqualTo(Arrays.copyOfRange(file, file.length - 10, file.length));
  }

  private static long read(
      List<byte[]> parts, NaiveReads.Mistake mistake, long address, byte[] buffer)
      throws IOException {
    return new NaiveReads(parts, mistake).read(address, MemorySegment.ofArray(buffer));
  }
}
