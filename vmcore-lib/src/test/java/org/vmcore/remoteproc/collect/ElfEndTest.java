package org.vmcore.remoteproc.collect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.io.ByteSource;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.RealDumps;

class ElfEndTest {
  @TempDir Path dir;

  private OptionalLong end(byte[] bytes) throws IOException {
    try (ByteSource file = ByteSource.open(Files.write(dir.resolve("file"), bytes))) {
      return ElfEnd.of(file);
    }
  }

  @Test
  void itIsThatOfTheLastSegment() throws IOException {
    DumpBuilder elf = DumpBuilder.elf64().load(0x1000, 0x1000).load(0x8000, 0x123);

    int whole = elf.build().length;

    assertThat(end(elf.build())).hasValue(whole);
    assertThat(end(elf.truncateAt(0x1100).build())).hasValue(whole);
  }

  @Test
  void lengthsThatOverflowAreNeverReached() throws IOException {
    byte[] elf = DumpBuilder.elf64().load(0x1000, 0x1000).filesz(-16).build();

    assertThat(end(elf)).hasValue(-1);
  }

  @Test
  void whatIsNoElfFileTellsNone() throws IOException {
    assertThat(end(new byte[] {0x7f})).isEmpty();
    assertThat(end("ATH10K-FW-DUMP".getBytes(UTF_8))).isEmpty();
    assertThat(end(new byte[] {0x7f, 'E', 'L', 'F'})).hasValue(52);
    byte[] otherClass = DumpBuilder.elf64().load(0x1000, 0x1000).build();
    otherClass[4] = 9;
    assertThat(end(otherClass)).isEmpty();
  }

  /** An ELF32 file with sections and no program headers, as remoteproc writes it. */
  private static ByteBuffer sections(int type, int size) {
    ByteBuffer elf = ByteBuffer.allocate(52 + 2 * 40).order(ByteOrder.LITTLE_ENDIAN);
    elf.putInt(0x464c457f).put((byte) 1).put((byte) 1).put((byte) 1);
    elf.putShort(16, (short) 4).putInt(32, 52).putShort(46, (short) 40).putShort(48, (short) 2);
    return elf.putInt(92 + 4, type).putInt(92 + 16, 0x84).putInt(92 + 20, size);
  }

  @Test
  void sectionsCountAsSegmentsDo() throws IOException {
    assertThat(end(sections(1, 0x1000).array())).hasValue(0x1084);
    assertThat(end(sections(8, 0x1000).array())).hasValue(52 + 80); // SHT_NOBITS has no bytes
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rproc-enabled",
        "rproc-inline",
        "rproc-sections",
        "rproc64-enabled",
        "rproc64-sections-inline",
        "rproc64-stall"
      })
  void realCoresEndWhereTheirHeadersSay(String name) throws IOException {
    Path core = RealDumps.file("arm-rproc/truth/" + name + ".elf");
    byte[] bytes = Files.readAllBytes(core);

    assertThat(end(bytes)).hasValue(bytes.length);
  }
}
