package org.vmcore.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes a builder makes, stated by hand: the tests of the library stand on them. */
class DumpBuilderTest {
  @TempDir Path dir;

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void aHeaderOf64Bits() {
    byte[] dump = DumpBuilder.elf64().load(0x1800, new byte[] {9}).vaddr(-2).memsz(5).build();
    assertThat(Arrays.copyOf(dump, 16))
        .containsExactly(0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    ByteBuffer in = little(dump);
    assertThat(in.getShort(16)).isEqualTo((short) 4);
    assertThat(in.getShort(18)).isEqualTo((short) 62);
    assertThat(in.getLong(32)).isEqualTo(64);
    assertThat(in.getShort(56)).isEqualTo((short) 1);
    assertThat(in.getInt(64)).isEqualTo(1);
    assertThat(in.getLong(72)).isEqualTo(0x1800);
    assertThat(in.getLong(80)).isEqualTo(-2);
    assertThat(in.getLong(88)).isEqualTo(0x1800);
    assertThat(in.getLong(96)).isEqualTo(1);
    assertThat(in.getLong(104)).isEqualTo(5);
    assertThat(dump).hasSize(0x1801).endsWith(9);
  }

  @Test
  void aBigEndianHeaderOf32Bits() {
    byte[] dump = DumpBuilder.elf32().bigEndian().load(0x1000, new byte[] {9}).build();
    assertThat(Arrays.copyOf(dump, 6)).containsExactly(0x7f, 'E', 'L', 'F', 1, 2);
    ByteBuffer in = ByteBuffer.wrap(dump);
    assertThat(in.getInt(28)).isEqualTo(52);
    assertThat(in.getShort(44)).isEqualTo((short) 1);
    assertThat(in.getInt(52 + 4)).isEqualTo(0x1000);
    assertThat(in.getInt(52 + 16)).isEqualTo(1);
    assertThat(in.getInt(52 + 24)).isEqualTo(7);
  }

  @Test
  void aNoteIsPaddedToFourBytes() {
    byte[] dump = DumpBuilder.elf64().note("CORE", 1, new byte[] {7}).build();
    assertThat(Arrays.copyOfRange(dump, 0x1000, dump.length))
        .containsExactly(
            5, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 'C', 'O', 'R', 'E', 0, 0, 0, 0, 7, 0, 0, 0);
  }

  @Test
  void everyFileSystemGetsTheSameFile() throws Exception {
    DumpBuilder dump =
        DumpBuilder.elf64()
            .padding(0x11)
            .prstatus(1, 2, 3)
            .noteArea(0x100)
            .load(0x1800, 0x1234)
            .sparse(0x9000, 0x3000);
    try (FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix())) {
      assertThat(Files.readAllBytes(dump.writeTo(dir.resolve("a")))).isEqualTo(dump.build());
      assertThat(Files.readAllBytes(dump.writeTo(jimfs.getPath("/a")))).isEqualTo(dump.build());
    }
  }

  @Test
  void aSparseSegmentTakesUpNoRoom() throws Exception {
    Path file = DumpBuilder.elf64().sparse(0, 1L << 42).writeTo(dir.resolve("a"));
    assertThat(Files.size(file)).isEqualTo((1L << 42) + 0x1000);
  }

  @Test
  void faultsAreAppliedLast() {
    byte[] dump =
        DumpBuilder.elf64()
            .set("e_type", 2)
            .note("A", 1, new byte[4])
            .noteField("n_descsz", 0xffff_ffffL)
            .patch(0x1008, (byte) 77)
            .truncateAt(0x100c)
            .build();
    assertThat(dump).hasSize(0x100c);
    assertThat(dump[16]).isEqualTo((byte) 2);
    assertThat(little(dump).getInt(0x1004)).isEqualTo(-1);
    assertThat(dump[0x1008]).isEqualTo((byte) 77);
  }

  @Test
  void fieldsTellWhereTheyStand() {
    DumpBuilder dump = DumpBuilder.elf64().note("A", 1, new byte[4]).load(0x1000, 1);
    assertThat(dump.fields())
        .contains(
            new DumpBuilder.Field("e_phnum", 56, 2),
            new DumpBuilder.Field("phdr[1].p_memsz", 64 + 56 + 40, 8),
            new DumpBuilder.Field("note[0].n_descsz", 0x1004, 4));
    assertThatThrownBy(() -> dump.set("e_nothing", 1).build())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRamImageHoldsLoadsAtTheirAddresses() {
    DumpBuilder ram = DumpBuilder.elf64().ramImage().load(0x1800, 0x10).load(0x800, 4);
    byte[] wanted = new byte[0x1810];
    System.arraycopy(DumpBuilder.pattern(0x1800, 0x10), 0, wanted, 0x1800, 0x10);
    System.arraycopy(DumpBuilder.pattern(0x800, 4), 0, wanted, 0x800, 4);
    assertThat(ram.build()).isEqualTo(wanted);
    assertThat(ram.crashHeaders().programHeaders().getFirst().offset()).isEqualTo(0x1800);
  }
}
