package org.vmcore.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.codec.Compression;
import org.vmcore.codec.Decompressor;
import org.vmcore.elf.ElfClass;

/** The bytes a builder makes, stated by hand: the tests of the library stand on them. */
class KdumpBuilderTest {
  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void aHeaderOf64Bits() {
    byte[] dump = KdumpBuilder.le64().page(17, Compression.RAW).excluded(19).build();
    assertThat(Arrays.copyOf(dump, 12))
        .startsWith("KDUMP   ".getBytes(StandardCharsets.US_ASCII))
        .endsWith(6, 0, 0, 0);
    assertThat(Arrays.copyOfRange(dump, 272, 279))
        .isEqualTo("x86_64\0".getBytes(StandardCharsets.US_ASCII));
    ByteBuffer in = little(dump);
    assertThat(in.getLong(408)).isEqualTo(1_700_000_000);
    assertThat(in.getInt(424)).isEqualTo(1);
    assertThat(in.getInt(428)).isEqualTo(4096);
    assertThat(in.getInt(432)).isEqualTo(1);
    assertThat(in.getInt(436)).isEqualTo(2);
    assertThat(in.getInt(440)).isEqualTo(20);
    assertThat(in.getInt(0x1000 + 8)).isEqualTo(31);
    assertThat(in.getLong(0x1000 + 96)).isEqualTo(20);
    assertThat(Arrays.copyOfRange(dump, 0x2000, 0x2004)).containsExactly(0, 0, 0xa, 0);
    assertThat(Arrays.copyOfRange(dump, 0x3000, 0x3004)).containsExactly(0, 0, 2, 0);
    assertThat(in.getLong(0x4000)).isEqualTo(0x4018);
    assertThat(in.getInt(0x4008)).isEqualTo(4096);
    assertThat(in.getInt(0x400c)).isZero();
    assertThat(Arrays.copyOfRange(dump, 0x4018, dump.length))
        .isEqualTo(DumpBuilder.pattern(0x11000, 4096));
  }

  @Test
  void aBigEndianHeaderOf32Bits() {
    byte[] dump =
        KdumpBuilder.of(ElfClass.ELF32, ByteOrder.BIG_ENDIAN)
            .version(2)
            .part(3, 5)
            .page(4, Compression.ZLIB)
            .build();
    ByteBuffer in = ByteBuffer.wrap(dump);
    assertThat(in.getInt(8)).isEqualTo(2);
    assertThat(in.getInt(404)).isEqualTo(1_700_000_000);
    assertThat(in.getInt(416)).isEqualTo(4096);
    assertThat(in.getInt(428)).isEqualTo(5);
    assertThat(in.getInt(0x1000 + 4)).isEqualTo(31);
    assertThat(in.getInt(0x1000 + 8)).isEqualTo(1);
    assertThat(in.getInt(0x1000 + 12)).isEqualTo(3);
    assertThat(in.getInt(0x1000 + 16)).isEqualTo(5);
    assertThat(in.getInt(0x4000 + 12)).isEqualTo(1);
  }

  @Test
  void numbersOf64BitsIn32BitDumps() {
    ByteBuffer packed = little(KdumpBuilder.le32().vmcoreinfo("A=1").build());
    assertThat(packed.getLong(0x1000 + 20)).isEqualTo(0x1000 + 0x80 + 24);
    assertThat(packed.getInt(0x1000 + 28)).isEqualTo(4);
    assertThat(packed.getLong(0x1000 + 32)).isEqualTo(0x1000 + 0x80);
    assertThat(packed.getInt(0x1000 + 40)).isEqualTo(28);
    ByteBuffer padded = little(KdumpBuilder.le32().padded().vmcoreinfo("A=1").build());
    assertThat(padded.getLong(0x1000 + 24)).isEqualTo(0x1000 + 0x80 + 24);
    assertThat(padded.getInt(0x1000 + 32)).isEqualTo(4);
    assertThat(padded.getLong(0x1000 + 40)).isEqualTo(0x1000 + 0x80);
    assertThat(padded.getInt(0x1000 + 48)).isEqualTo(28);
  }

  @Test
  void oneBitmapOnly() {
    byte[] dump = KdumpBuilder.le64().oneBitmap().page(1, Compression.RAW).build();
    assertThat(little(dump).getInt(436)).isEqualTo(1);
    assertThat(little(dump).getInt(440)).isEqualTo(4 * 4096 + 1);
    assertThat(dump[0x2000]).isEqualTo((byte) 2);
    assertThat(little(dump).getLong(0x3000)).isEqualTo(0x3018);
  }

  @Test
  void aPageThatSharesAnothersBytes() {
    KdumpBuilder builder = KdumpBuilder.le64().page(1, Compression.RAW).same(9, 1);
    ByteBuffer in = little(builder.build());
    assertThat(in.getLong(0x4000)).isEqualTo(0x4030);
    assertThat(in.getLong(0x4018)).isEqualTo(0x4030);
    assertThat(builder.pageOffset(9)).isEqualTo(0x4030);
    assertThat(in.capacity()).isEqualTo(0x5030);
  }

  @ParameterizedTest
  @ValueSource(strings = {"max_mapnr", "phys_base", "end_pfn_64", "page[7].size"})
  void anyFieldCanBeSet(String name) {
    KdumpBuilder builder = KdumpBuilder.le64().page(7, Compression.RAW).set(name, 0x1234);
    DumpBuilder.Field field =
        builder.fields().stream().filter(f -> f.name().equals(name)).findFirst().orElseThrow();
    assertThat(little(builder.build()).getInt((int) field.offset())).isEqualTo(0x1234);
  }

  @ParameterizedTest
  @EnumSource
  void pagesDecompress(Compression how) throws Exception {
    try (Decompressor decompressor = new Decompressor()) {
      for (int size : new int[] {4096, 16384, 65536}) {
        byte[] page = DumpBuilder.pattern(0, size);
        byte[] stored = PageEncoder.encode(page, KdumpBuilder.named(how));
        byte[] out = new byte[size];
        assertThat(decompressor.decompress(how, stored, 0, stored.length, out, 0, size))
            .isEqualTo(size);
        assertThat(out).isEqualTo(page);
      }
    }
  }
}
