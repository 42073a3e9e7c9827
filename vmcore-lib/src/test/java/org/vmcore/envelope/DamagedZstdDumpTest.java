package org.vmcore.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.codec.Compression;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.Spill;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KdumpBuilder;
import org.vmcore.testing.SeekableZstd;

/** Dumps in zstd files of which a frame is damaged: what is in it is lost, and no more. */
class DamagedZstdDumpTest {
  @TempDir Path dir;

  /** {@code dump} in three frames, of which the second one, from..to, is damaged. */
  private Path file(byte[] dump, int from, int to) throws IOException {
    byte[] damaged = Zstd.compress(Arrays.copyOfRange(dump, from, to));
    Arrays.fill(damaged, damaged.length - 8, damaged.length, (byte) 0xff);
    byte[] file =
        new SeekableZstd()
            .frame(Arrays.copyOf(dump, from))
            .raw(damaged, to - from, 0)
            .frame(Arrays.copyOfRange(dump, to, dump.length))
            .end();
    return Files.write(dir.resolve("zstd"), file);
  }

  private static long read(Memory memory, long at, int size) throws VmcoreException {
    return memory.read(at, MemorySegment.ofArray(new byte[size]));
  }

  @Test
  void ofAnElfFile() throws Exception {
    DumpBuilder dump = DumpBuilder.elf64().load(0x10000, 0x3000);
    int segment = dump.build().length - 0x3000;
    try (Vmcore vmcore = Vmcore.open(file(dump.build(), segment + 0x800, segment + 0x1900))) {
      Memory memory = vmcore.physical();
      assertThat(read(memory, 0x10000, 0x3000)).isEqualTo(0x800);
      assertThat(read(memory, 0x10800, 1)).isZero();
      assertThat(memory.extentAt(0x10800).state()).isEqualTo(PageState.LOST);
      assertThat(memory.extentAt(0x10800).end()).isEqualTo(0x11900);
      assertThat(memory.lossAt(0x10800).orElseThrow().message())
          .startsWith("zstd: frame 1 is damaged, which holds 0x");
      assertThat(read(memory, 0x11900, 0x3000)).isEqualTo(0x1700);
    }
  }

  @Test
  void ofAKdumpFileWithPagesAsTheyAre() throws Exception {
    KdumpBuilder dump = KdumpBuilder.le64().pages(1, 3, Compression.RAW);
    int page = dump.pageOffset(2);
    try (Vmcore vmcore = Vmcore.open(file(dump.build(), page, page + 4096))) {
      Memory memory = vmcore.physical();
      assertThat(read(memory, 0x1000, 3 * 4096)).isEqualTo(4096);
      assertThat(read(memory, 0x2000, 4096)).isZero();
      assertThat(memory.extentAt(0x2000).state()).isEqualTo(PageState.LOST);
      assertThat(memory.lossAt(0x2000).orElseThrow().message())
          .contains(" are lost: zstd: frame 1 is damaged, which holds 0x");
      assertThat(read(memory, 0x3000, 4096)).isEqualTo(4096);
    }
  }

  @Test
  void whoseFirstBytesAreLost() throws Exception {
    Path file = file(DumpBuilder.elf64().load(0x10000, 0x3000).build(), 0, 0x1000);
    assertThatThrownBy(() -> Vmcore.open(file))
        .hasMessageStartingWith(
            file + ": offset 0x0: the dump's first bytes are lost: zstd: frame 0 is damaged");
  }

  @Test
  void theByteThatTurnsOutToBeLostIsToldToItsReader() throws Exception {
    byte[] dump = DumpBuilder.elf64().load(0x10000, 0x3000).build();
    Path file = file(dump, 0x1000, 0x2000);
    try (ByteSource source =
        Envelopes.open(ByteSource.open(file), Spill.DEFAULT, new ArrayList<>())) {
      MemorySegment dst = MemorySegment.ofArray(new byte[1]);
      assertThatThrownBy(() -> source.read(0x1800, dst))
          .isInstanceOf(VmcoreException.class)
          .hasMessageStartingWith(file + ": offset 0x1800: zstd: frame 1 is damaged");
      assertThat(source.hasLosses()).isTrue();
      assertThat(source.read(0x1800, dst)).isZero();
    }
  }
}
