package org.vmcore.convert.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.Vmcore;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.Spill;
import org.vmcore.output.OutputFile;
import org.vmcore.testing.DumpBuilder;

class SeekableZstdTest {
  private static final int FRAME = 1 << 18;

  @TempDir Path folder;

  private static final class Bytes implements Content {
    private final byte[] bytes;

    Bytes(byte... bytes) {
      this.bytes = bytes;
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public void read(long offset, MemorySegment dst) {
      MemorySegment.copy(bytes, (int) offset, dst, ValueLayout.JAVA_BYTE, 0, (int) dst.byteSize());
    }
  }

  private Path write(Content content, int level, int jobs) throws VmcoreException {
    Path file = folder.resolve("out.zst");
    List<Long> told = new ArrayList<>();
    try (OutputFile out = OutputFile.create(file, new OutputFile.Options(true, false))) {
      SeekableZstd.write(out, content, level, jobs, told::add);
      out.commit();
    }
    assertThat(told.stream().mapToLong(each -> each).sum()).isEqualTo(content.size());
    return file;
  }

  private static byte[] unpacked(Path file) throws IOException {
    try (InputStream in = new ZstdInputStream(Files.newInputStream(file)).setContinuous(false)) {
      return in.readAllBytes();
    }
  }

  /** Bytes that don't compress, those that do, and zeros. */
  private static byte[] mixed(int size) {
    byte[] bytes = new byte[size];
    Random random = new Random(size);
    for (int at = 0; at < size; at += 5000) {
      int kind = random.nextInt(3);
      for (int i = at; i < Math.min(size, at + 5000); i++) {
        bytes[i] = kind == 0 ? 0 : kind == 1 ? (byte) random.nextInt() : (byte) (i % 90);
      }
    }
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0,
        1,
        100,
        4096,
        FRAME - 1,
        FRAME,
        FRAME + 1,
        2 * FRAME,
        2 * FRAME + 1,
        11 * FRAME - 7
      })
  void anyZstdUnpacksIt(int size) throws IOException {
    byte[] bytes = mixed(size);

    for (int jobs : new int[] {1, 3}) {
      assertThat(unpacked(write(new Bytes(bytes), 1, jobs))).isEqualTo(bytes);
    }
  }

  @Test
  void nothingIsATableWithoutFrames() throws IOException {
    assertThat(Files.readAllBytes(write(new Bytes(), 1, 2)))
        .isEqualTo(HexFormat.of().parseHex("5e2a4d1809000000" + "0000000000b1ea928f"));
  }

  @Test
  void theTableTellsOfEachFrame() throws IOException {
    byte[] file = Files.readAllBytes(write(new Bytes(mixed(2 * FRAME + 10)), 1, 2));
    ByteBuffer table = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int start = file.length - 8 - 3 * 8 - 9;

    assertThat(table.getInt(start)).isEqualTo(0x184d2a5e);
    assertThat(table.getInt(start + 4)).isEqualTo(3 * 8 + 9);
    int at = 0;
    for (int i = 0; i < 3; i++) {
      assertThat(table.getInt(at)).as("magic").isEqualTo(0xfd2fb528);
      // Frame_Header_Descriptor: bit 2 is the checksum's, bit 5 or bits 6 and 7 the size's.
      assertThat(file[at + 4] & 4).isEqualTo(4);
      assertThat(file[at + 4] & 0xe0).isNotZero();
      assertThat(table.getInt(start + 12 + 8 * i)).isEqualTo(i < 2 ? FRAME : 10);
      at += table.getInt(start + 8 + 8 * i);
    }
    assertThat(at).isEqualTo(start);
    assertThat(table.getInt(start + 32)).isEqualTo(3);
    assertThat(file[start + 36]).isZero();
    assertThat(table.getInt(start + 37)).isEqualTo(0x8f92eab1);
  }

  @Test
  void theOutcomeIsTheSameForAnyNumberOfJobs() throws IOException {
    Content content = new Bytes(mixed(20 * FRAME));
    byte[] one = Files.readAllBytes(write(content, 3, 1));

    assertThat(Files.readAllBytes(write(content, 3, 4))).isEqualTo(one);
  }

  @Test
  void zerosTakeHardlyAnyRoom() throws IOException {
    byte[] bytes = new byte[40 * FRAME + 5];
    bytes[bytes.length - 2] = 1;
    Path file = write(new Bytes(bytes), 1, 2);

    assertThat(Files.size(file)).isLessThan(40 * 60);
    assertThat(unpacked(file)).isEqualTo(bytes);
  }

  @Test
  void aByteThatIsNotZeroIsFoundWhereverItIs() throws IOException {
    for (int at : new int[] {0, 1, 4095, FRAME / 2, FRAME - 2, FRAME - 1}) {
      byte[] bytes = new byte[FRAME];
      bytes[at] = 1;
      assertThat(unpacked(write(new Bytes(bytes), 1, 1))).isEqualTo(bytes);
    }
  }

  @Test
  void aDumpIsReadInPlace() throws IOException {
    byte[] memory = mixed(5 * FRAME);
    Path plain =
        DumpBuilder.elf64()
            .noteArea(0x1000)
            .load(0x100000, memory)
            .writeTo(folder.resolve("vmcore"));
    byte[] elf = Files.readAllBytes(plain);
    Path file = write(new Bytes(elf), 1, 2);

    Spill none = new Spill(Optional.empty(), 0, new Spill.Listener() {});
    try (Vmcore vmcore = Vmcore.open(file, OpenOptions.builder().spill(none).build())) {
      byte[] got = new byte[memory.length];
      assertThat(vmcore.physical().read(0x100000, MemorySegment.ofArray(got)))
          .isEqualTo(memory.length);
      assertThat(got).isEqualTo(memory);
    }
  }

  @Test
  void framesGrowForHugeDumps() {
    assertThat(SeekableZstd.frameSize(0)).isEqualTo(FRAME);
    assertThat(SeekableZstd.frameSize(1L << 39)).isEqualTo(FRAME);
    assertThat(SeekableZstd.frameSize((1L << 39) + 1)).isEqualTo(2 * FRAME);
    assertThat(SeekableZstd.frameSize(1L << 44)).isEqualTo(8 << 20);
    assertThat(SeekableZstd.frameSize(1L << 60)).isEqualTo(64 << 20);
  }

  @Test
  void whatIsTooLargeIsRefused() {
    Content content =
        new Content() {
          @Override
          public long size() {
            return (1L << 53) + 1;
          }

          @Override
          public void read(long offset, MemorySegment dst) {
            throw new AssertionError();
          }
        };

    assertThatThrownBy(() -> write(content, 1, 1))
        .isInstanceOf(VmcoreException.class)
        .hasMessage("zstd: 9007199254740993 bytes are too many for a seek table");
  }

  @Test
  void whatCannotBeReadEndsIt() {
    Content content =
        new Content() {
          @Override
          public long size() {
            return 100 * FRAME;
          }

          @Override
          public void read(long offset, MemorySegment dst) throws VmcoreException {
            if (offset >= 50 * FRAME) {
              throw VmcoreException.of("vmcore", "gone");
            }
          }
        };

    assertThatThrownBy(() -> write(content, 1, 2)).hasMessage("vmcore: gone");
    assertThat(folder).isEmptyDirectory();
  }
}
