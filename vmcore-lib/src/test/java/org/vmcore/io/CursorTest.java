package org.vmcore.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.memory.VmcoreException;

/** Bounds-checked reads. */
class CursorTest {
  private static Cursor over(ByteOrder order, int... bytes) {
    byte[] raw = new byte[bytes.length];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = (byte) bytes[i];
    }
    return Cursor.of("file", 0x100, MemorySegment.ofArray(raw), order);
  }

  @Test
  void littleEndianNumbers() throws Exception {
    Cursor in =
        over(
            ByteOrder.LITTLE_ENDIAN,
            0xff,
            0x34,
            0x12,
            0x78,
            0x56,
            0x34,
            0x92,
            8,
            7,
            6,
            5,
            4,
            3,
            2,
            1);
    assertThat(in.u8("a")).isEqualTo(0xff);
    assertThat(in.u16("b")).isEqualTo(0x1234);
    assertThat(in.u32("c")).isEqualTo(0x9234_5678L);
    assertThat(in.u64("d")).isEqualTo(0x0102_0304_0506_0708L);
    assertThat(in.remaining()).isZero();
    assertThat(in.position()).isEqualTo(15);
  }

  @Test
  void bigEndianNumbers() throws Exception {
    Cursor in =
        over(
            ByteOrder.BIG_ENDIAN,
            0xff,
            0xfe,
            0x92,
            0x34,
            0x56,
            0x78,
            1,
            2,
            3,
            4,
            5,
            6,
            7,
            8,
            0x80,
            0,
            0,
            1);
    assertThat(in.u16("a")).isEqualTo(0xfffe);
    assertThat(in.u32("b")).isEqualTo(0x9234_5678L);
    assertThat(in.u64("c")).isEqualTo(0x0102_0304_0506_0708L);
    assertThat(in.s32("d")).isEqualTo(0x8000_0001);
  }

  @Test
  void aReadPastTheEndNamesFileOffsetAndFieldAndDoesNotMove() throws Exception {
    Cursor in = over(ByteOrder.LITTLE_ENDIAN, 1, 2, 3, 4, 5).skip(2, "a");
    assertThatThrownBy(() -> in.u32("p_memsz"))
        .isInstanceOf(VmcoreException.class)
        .hasMessage("file: offset 0x102: p_memsz: read past the end (3 bytes left)");
    assertThat(in.position()).isEqualTo(2);
    assertThat(in.u16("b")).isEqualTo(0x403);
  }

  @ParameterizedTest
  @ValueSource(longs = {4, -1, Long.MAX_VALUE, Long.MIN_VALUE})
  void skippingStaysInside(long n) {
    Cursor in = over(ByteOrder.LITTLE_ENDIAN, 1, 2, 3);
    assertThatThrownBy(() -> in.skip(n, "a")).isInstanceOf(VmcoreException.class);
    assertThat(in.position()).isZero();
  }

  @Test
  void textEndsAtItsNul() throws Exception {
    Cursor in = over(ByteOrder.LITTLE_ENDIAN, 'a', 'b', 0, 'c', 0xe9, 'd');
    assertThat(in.text(4, "a")).isEqualTo("ab");
    assertThat(in.text(2, "b")).isEqualTo("\u00e9d");
    assertThatThrownBy(() -> in.text(1, "c")).isInstanceOf(VmcoreException.class);
  }
}
