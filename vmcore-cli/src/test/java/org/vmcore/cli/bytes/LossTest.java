package org.vmcore.cli.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.ExitStatus;
import org.vmcore.cli.output.Progress;
import org.vmcore.cli.output.When;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.output.MemoryCopy;
import org.vmcore.output.OutputFile;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.LossyMemory;

/** Pages that turn out to be lost when they are copied or printed. */
class LossTest {
  private static final String WHY =
      " (offset 0x102000: page frame 0x2: zlib: incorrect data check)";

  @TempDir Path folder;

  private static Vmcore open() throws VmcoreException {
    return Vmcore.of(
        "lossy",
        DumpBuilder.elf64().ramImage().load(0, 0x6000).crashHeaders(),
        LossyMemory.of(0x6000, 0x2000, 0x4000),
        OpenOptions.DEFAULT);
  }

  /** What holds where the pages at 0x2000 and 0x4000 are zeros. */
  private static byte[] expected() {
    byte[] bytes = DumpBuilder.pattern(0, 0x6000);
    Arrays.fill(bytes, 0x2000, 0x3000, (byte) 0);
    Arrays.fill(bytes, 0x4000, 0x5000, (byte) 0);
    return bytes;
  }

  private static Console console(ByteArrayOutputStream err) {
    return Console.of(
        OutputStream.nullOutputStream(),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        When.AUTO,
        false);
  }

  private static String said(Missing missing) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    missing.say(console(err), "lossy", Missing.NOT_RAM);
    return err.toString(StandardCharsets.UTF_8);
  }

  private static MemoryCopy copy() {
    Console console = console(new ByteArrayOutputStream());
    return new MemoryCopy(Progress.of(console, When.NEVER, 0, false)::add);
  }

  private byte[] copied(MemoryCopy copy, Memory memory, long size) throws Exception {
    Path target = folder.resolve("out");
    try (OutputFile file = OutputFile.create(target, new OutputFile.Options(false, false))) {
      copy.append(file, memory, 0, size);
      file.commit();
    }
    return Files.readAllBytes(target);
  }

  @Test
  void aCopyHasZerosForThem() throws Exception {
    try (Vmcore vmcore = open()) {
      MemoryCopy copy = copy();
      assertThat(copied(copy, vmcore.physical(), 0x6000)).isEqualTo(expected());
      assertThat(Missing.of(copy.missing()).of(PageState.LOST)).isEqualTo(0x2000);
      assertThat(Missing.of(copy.missing()).exitStatus()).isEqualTo(ExitStatus.DAMAGED);
      assertThat(said(Missing.of(copy.missing())))
          .isEqualTo("vmcore: lossy: 8192 bytes lost: written as zeros" + WHY + "\n");
    }
  }

  @Test
  void aWalkComesByThemOnce() throws Exception {
    List<Extent> missing = new ArrayList<>();
    byte[] block = new byte[0x1800];
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Vmcore vmcore = open()) {
      MemoryWalk walk = new MemoryWalk(vmcore.physical(), MemorySegment.ofArray(block));
      walk.walk(
          0x100,
          0x5f00,
          new MemoryWalk.Visitor() {
            @Override
            public void bytes(int size) {
              out.write(block, 0, size);
            }

            @Override
            public boolean missing(Extent extent) {
              out.writeBytes(new byte[(int) extent.size()]);
              missing.add(extent);
              return true;
            }
          });
      assertThat(out.toByteArray()).isEqualTo(Arrays.copyOfRange(expected(), 0x100, 0x6000));
      assertThat(missing)
          .containsExactly(
              new Extent(0x2000, 0x1000, PageState.LOST),
              new Extent(0x4000, 0x1000, PageState.LOST));
      assertThat(walk.missing().reason()).isEqualTo(WHY);
    }
  }

  @Test
  void memoryThatIsPresentAndGivesNothingIsAFault() {
    Memory broken =
        new Memory() {
          @Override
          public long read(long address, MemorySegment dst) {
            return 0;
          }

          @Override
          public Extent extentAt(long address) {
            return new Extent(0, 0x1000, PageState.PRESENT);
          }
        };
    assertThatThrownBy(() -> copied(copy(), broken, 0x1000))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("present, but unreadable: 0x0");
    MemoryWalk walk = new MemoryWalk(broken, MemorySegment.ofArray(new byte[16]));
    HexDump lines =
        new HexDump(
            console(new ByteArrayOutputStream()).out(),
            new byte[16],
            0,
            0xfff,
            ReadFormat.HEX,
            ByteOrder.LITTLE_ENDIAN);
    assertThatThrownBy(() -> walk.walk(0, 0x1000, lines)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whyTheyAreLostIsLeftOutWhereItIsNotKnown() throws Exception {
    Missing missing = new Missing();
    Memory memory =
        new Memory() {
          @Override
          public long read(long address, MemorySegment dst) {
            return 0;
          }

          @Override
          public Extent extentAt(long address) {
            return new Extent(0, 0x1000, PageState.LOST);
          }
        };
    missing.add(memory, memory.extentAt(0));
    assertThat(said(missing)).isEqualTo("vmcore: lossy: 4096 bytes lost: written as zeros\n");
  }
}
