package org.vmcore.remoteproc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.Reading;

/** What a read of a dump returns, and what is in the bytes. */
class ReadRuleTest {
  private static final int HEADERS = 52 + 32;

  private static List<Integer> counts(Devcoredump dump, int asked) throws IOException {
    List<Integer> counts = new ArrayList<>();
    try (ReadableByteChannel in = dump.open()) {
      do {
        counts.add(in.read(ByteBuffer.allocate(asked)));
      } while (counts.getLast() >= 0);
    }
    return counts;
  }

  private static List<Integer> counts(CoredumpMode mode, int segment, int asked) throws Exception {
    RemoteprocCoredump coredump = Cores.oneSegment(segment).build();
    try (CrashedDevice device = CrashedDevice.of(coredump, mode)) {
      return counts(device.dump(), asked);
    }
  }

  @Test
  void theFirstReadOfAnInlineDumpGivesTheHeadersAlone() throws Exception {
    assertThat(counts(CoredumpMode.INLINE, 5000, 1 << 20)).containsExactly(HEADERS, 4096, 904, -1);
    assertThat(counts(CoredumpMode.INLINE, 50, 40)).containsExactly(40, 40, 4, 40, 10, -1);
  }

  @Test
  void aCopiedDumpIsReadInPagesFromTheStart() throws Exception {
    assertThat(counts(CoredumpMode.ENABLED, 5000, 1 << 20))
        .containsExactly(4096, 5000 + HEADERS - 4096, -1);
    assertThat(counts(CoredumpMode.ENABLED, 50, 100)).containsExactly(100, 34, -1);
  }

  @ParameterizedTest
  @EnumSource(names = {"ENABLED", "INLINE"})
  void oneConsumerReadsBothModes(CoredumpMode mode) throws Exception {
    RemoteprocCoredump coredump = CoredumpMemoryTest.core();
    byte[] file = CoredumpMemoryTest.file(coredump);
    try (CrashedDevice device = CrashedDevice.of(coredump, mode)) {
      for (int piece : new int[] {1, 100, 4096, 1 << 20}) {
        assertThat(CrashedDevice.copy(device.dump(), piece)).isEqualTo(file);
      }
      assertThat(Reading.bytes(device.dump(), 0, file.length + 10)).isEqualTo(file);
      assertThat(Reading.bytes(device.dump(), 213, 7))
          .isEqualTo(Arrays.copyOfRange(file, 213, 220));
      assertThat(Reading.bytes(device.dump(), file.length, 1)).isEmpty();
    }
  }

  @Test
  void anInlineDumpGivesTheMemoryOfTheMomentOfTheRead() throws Exception {
    MemorySegment memory = MemorySegment.ofArray(new byte[16]);
    RemoteprocCoredump coredump =
        Cores.elf32().memory(new Carveouts().add(0, memory)).segment(DumpSegment.of(0, 16)).build();
    try (CrashedDevice inline = CrashedDevice.of(coredump, CoredumpMode.INLINE)) {
      memory.fill((byte) 7);
      assertThat(Reading.bytes(inline.dump(), HEADERS, 2)).containsExactly(7, 7);
    }
    try (CrashedDevice copied = CrashedDevice.of(coredump, CoredumpMode.ENABLED)) {
      memory.fill((byte) 8);
      assertThat(Reading.bytes(copied.dump(), HEADERS, 2)).containsExactly(7, 7);
    }
  }

  @Test
  void aPartlyMappedSegmentIsLookedUpPieceByPieceWhenReadInline() throws Exception {
    List<String> unmapped = new ArrayList<>();
    RemoteprocCoredump coredump =
        Cores.elf32()
            .memory(new Carveouts().add(0x100, MemorySegment.ofArray(Cores.bytes(1, 10))))
            .segment(DumpSegment.of(0x100, 16))
            .listener(heard(unmapped))
            .build();
    try (CrashedDevice inline = CrashedDevice.of(coredump, CoredumpMode.INLINE)) {
      assertThat(Reading.bytes(inline.dump(), HEADERS, 16)).containsOnly(0xff);
      assertThat(Reading.bytes(inline.dump(), HEADERS + 4, 6)).containsExactly(5, 6, 7, 8, 9, 10);
      assertThat(CrashedDevice.copy(inline.dump(), 4))
          .endsWith(1, 2, 3, 4, 5, 6, 7, 8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
    }
    assertThat(unmapped).containsExactly("0+16", "8+4", "12+4");
    unmapped.clear();

    try (CrashedDevice copied = CrashedDevice.of(coredump, CoredumpMode.ENABLED)) {
      assertThat(Reading.bytes(copied.dump(), HEADERS + 4, 6)).containsOnly(0xff);
    }
    assertThat(unmapped).containsExactly("0+16");
  }

  private static CoredumpListener heard(List<String> unmapped) {
    return new CoredumpListener() {
      @Override
      public void unmapped(DumpSegment segment, long offset, long size) {
        unmapped.add(offset + "+" + size);
      }
    };
  }

  @Test
  void carveoutsThatTouchAreNotOneMapping() throws Exception {
    RemoteprocCoredump coredump =
        Cores.elf32()
            .memory(
                new Carveouts()
                    .add(0, MemorySegment.ofArray(new byte[4]))
                    .add(4, MemorySegment.ofArray(new byte[4])))
            .segment(DumpSegment.of(0, 8))
            .build();

    assertThat(Reading.bytes(coredump.image(), HEADERS, 4)).containsOnly(0);
    assertThat(Reading.bytes(coredump.image(), HEADERS, 8)).containsOnly(0xff);
  }

  @Test
  void anyMemoryCanBeADevices() throws Exception {
    Memory memory = Cores.oneSegment(10).build().image(); // 94 bytes from 0 on
    RemoteprocCoredump coredump =
        Cores.elf64()
            .memory(DeviceMemory.of(memory))
            .segment(DumpSegment.of(HEADERS, 10))
            .segment(DumpSegment.of(HEADERS + 8L, 3))
            .segment(DumpSegment.of(Long.MIN_VALUE, 1))
            .build();
    byte[] wanted = Arrays.copyOf(Cores.bytes(0x11, 10), 14);
    Arrays.fill(wanted, 10, 14, (byte) 0xff);

    assertThat(Reading.bytes(coredump.image(), coredump.headerSize(), 100)).isEqualTo(wanted);
  }

  @Test
  void aDevicesMemoryThatFailsSaysWhy() throws Exception {
    Memory broken =
        new Memory() {
          @Override
          public long read(long address, MemorySegment dst) throws VmcoreException {
            throw VmcoreException.of("mem", "bus error");
          }

          @Override
          public Extent extentAt(long address) throws VmcoreException {
            throw VmcoreException.of("mem", "bus error");
          }
        };
    RemoteprocCoredump coredump =
        Cores.elf32().memory(DeviceMemory.of(broken)).segment(DumpSegment.of(0, 1)).build();

    assertThatThrownBy(() -> Reading.bytes(coredump.image(), HEADERS, 1))
        .hasMessage("remoteproc0: offset 0x54: segment at device address 0x0: mem: bus error");
  }

  @ParameterizedTest
  @EnumSource(names = {"ENABLED", "INLINE"})
  void whatFailsBehindTheFirstByteFailsTheNextRead(CoredumpMode mode) throws Exception {
    DumpCallback failsAt5 =
        (_, offset, dst) -> {
          if (offset == 5) {
            throw new IOException("bus error");
          }
          long count = Math.min(dst.byteSize(), 5 - offset);
          dst.asSlice(0, count).fill((byte) 9);
          return count;
        };
    List<String> failures = new ArrayList<>();
    RemoteprocCoredump coredump =
        Cores.elf32()
            .segment(DumpSegment.custom(0x20, 8, failsAt5).named("bus"))
            .listener(
                new CoredumpListener() {
                  @Override
                  public void failed(DumpSegment segment, VmcoreException why) {
                    failures.add(why.getMessage());
                  }
                })
            .build();
    String wanted = "remoteproc0: offset 0x59: segment \"bus\" at device address 0x20: bus error";
    try (CrashedDevice device = CrashedDevice.of(coredump, mode)) {
      assertThat(Reading.bytes(device.dump(), HEADERS - 1, 100)).hasSize(6).endsWith(9, 9, 9, 9, 9);
      assertThatThrownBy(() -> Reading.bytes(device.dump(), HEADERS + 5, 1)).hasMessage(wanted);
      assertThat(failures).isNotEmpty().containsOnly(wanted);
      try (ReadableByteChannel in = device.dump().open()) {
        while (in.read(ByteBuffer.allocate(3)) == 3) {
          assertThat(in.isOpen()).isTrue();
        }
        assertThatThrownBy(() -> in.read(ByteBuffer.allocate(3))).hasMessage(wanted);
      }
    }
  }

  @Test
  void anotherSegmentsFailureComesWithTheNextReadToo() throws Exception {
    RemoteprocCoredump coredump =
        Cores.elf32()
            .segment(DumpSegment.custom(0, 3, Cores.callback(Cores.bytes(1, 3))))
            .segment(
                DumpSegment.custom(
                    8,
                    3,
                    (_, _, _) -> {
                      throw new IllegalStateException("no clock");
                    }))
            .build();
    long first = coredump.headerSize();

    assertThat(Reading.bytes(coredump.image(), first + 1, 4)).containsExactly(2, 3);
    assertThatThrownBy(() -> Reading.bytes(coredump.image(), first + 3, 4))
        .isInstanceOf(VmcoreException.class)
        .hasMessageEndingWith("segment at device address 0x8: no clock")
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void aCallbackThatGivesTooLittleIsAskedAgainAndOneThatGivesNothingFails() throws Exception {
    DumpCallback twoAtOnce =
        (_, offset, dst) -> {
          long count = offset < 6 ? Math.min(2, dst.byteSize()) : 0;
          dst.asSlice(0, count).fill((byte) offset);
          return count;
        };
    RemoteprocCoredump coredump =
        Cores.elf32().segment(DumpSegment.custom(0, 9, twoAtOnce)).build();

    assertThat(Reading.bytes(coredump.image(), HEADERS, 9)).containsExactly(0, 0, 2, 2, 4, 4);
    assertThatThrownBy(() -> Reading.bytes(coredump.image(), HEADERS + 6, 9))
        .hasMessageEndingWith("says that it copied 0 of 3 bytes");
  }

  @Test
  void aCallbackThatSaysItCopiedTooMuchFails() throws Exception {
    RemoteprocCoredump more =
        Cores.elf32().segment(DumpSegment.custom(0, 9, (_, _, dst) -> dst.byteSize() + 1)).build();
    assertThatThrownBy(() -> Reading.bytes(more.image(), HEADERS, 4))
        .hasMessageEndingWith("says that it copied 5 of 4 bytes");

    RemoteprocCoredump writesMore =
        Cores.elf32()
            .segment(
                DumpSegment.custom(
                    0, 9, (_, _, dst) -> dst.asSlice(0, 10).fill((byte) 1).byteSize()))
            .build();
    assertThatThrownBy(() -> Reading.bytes(writesMore.image(), HEADERS, 9))
        .isInstanceOf(VmcoreException.class)
        .hasMessageStartingWith("remoteproc0: offset 0x54: segment at device address 0x0: ");
  }

  @Test
  void aChannelKeepsTheRulesOfChannels() throws Exception {
    RemoteprocCoredump coredump = Cores.oneSegment(10).build();
    try (CrashedDevice device = CrashedDevice.of(coredump, CoredumpMode.INLINE)) {
      ReadableByteChannel in = device.dump().open();
      ByteBuffer direct = ByteBuffer.allocateDirect(20).position(3).limit(10);

      assertThat(in.read(ByteBuffer.allocate(0))).isZero();
      assertThat(in.read(direct)).isEqualTo(7);
      assertThat(direct.position()).isEqualTo(10);
      assertThat(direct.get(4)).isEqualTo((byte) 'E');
      assertThat(direct.get(2)).isZero();
      ByteBuffer readOnly = ByteBuffer.allocate(4).asReadOnlyBuffer();
      assertThatThrownBy(() -> in.read(readOnly)).isInstanceOf(IllegalArgumentException.class);
      in.close();
      assertThat(in.isOpen()).isFalse();
      assertThatThrownBy(() -> in.read(ByteBuffer.allocate(1)))
          .isInstanceOf(ClosedChannelException.class);
    }
  }
}
