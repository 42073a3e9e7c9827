package org.vmcore.kernel.unwind;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.vmcore.kernel.unwind.OrcEntry.Base;
import org.vmcore.kernel.unwind.OrcEntry.Kind;

class OrcFormatTest {
  /** An entry whose bits are sp_reg, bp_reg and, from bit 8 on, the others. */
  static byte[] entries(int... numbers) {
    ByteBuffer out =
        ByteBuffer.allocate(numbers.length / 3 * OrcFormat.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    for (int number : numbers) {
      out.putShort((short) number);
    }
    return out.array();
  }

  @Test
  void before6_4() {
    byte[] bytes =
        entries(8, 0, 0x005, 16, -16, 0x015, 8, 0, 0x005, 0, 0, 0x400, 0, 0, 0x800, 0, 0, 0);

    OrcFormat format = OrcFormat.of(bytes).orElseThrow();

    assertThat(format).isEqualTo(OrcFormat.TWO_BITS);
    assertThat(format.decode(bytes, 6))
        .isEqualTo(new OrcEntry(16, -16, Base.SP, Base.PREV_SP, Kind.CALL, false));
    assertThat(format.decode(bytes, 18).kind()).isEqualTo(Kind.END_OF_STACK);
    assertThat(format.decode(bytes, 24).kind()).isEqualTo(Kind.END_OF_STACK);
    assertThat(format.decode(bytes, 30).kind()).isEqualTo(Kind.UNDEFINED);
    assertThat(format.decode(entries(0, 0, 0x105), 0))
        .isEqualTo(new OrcEntry(0, 0, Base.SP, Base.UNDEFINED, Kind.REGS, true));
    assertThat(format.decode(entries(0, 0, 0x305), 0).kind()).isEqualTo(Kind.UNDEFINED);
  }

  @Test
  void since6_4() {
    byte[] bytes = entries(8, 0, 0x205, 16, -16, 0x214, 8, 0, 0x205, 8, 0, 0x203);

    OrcFormat format = OrcFormat.of(bytes).orElseThrow();

    assertThat(format).isEqualTo(OrcFormat.THREE_BITS);
    assertThat(format.decode(bytes, 6))
        .isEqualTo(new OrcEntry(16, -16, Base.BP, Base.PREV_SP, Kind.CALL, false));
    assertThat(format.decode(entries(0, 0, 0xb05), 0))
        .isEqualTo(new OrcEntry(0, 0, Base.SP, Base.UNDEFINED, Kind.REGS, true));
    assertThat(format.decode(entries(0, 0, 0x100), 0).kind()).isEqualTo(Kind.END_OF_STACK);
    assertThat(format.decode(entries(0, 0, 0x709), 0).kind()).isEqualTo(Kind.UNDEFINED);
    assertThat(format.decode(entries(8, 0, 0x2ff), 0).sp()).isEqualTo(Base.UNDEFINED);
  }

  @Test
  void renumbered() {
    byte[] bytes = entries(8, 0, 0x203, 32, -16, 0x283, 8, 0, 0x203, 8, 0, 0x205);

    OrcFormat format = OrcFormat.of(bytes).orElseThrow();

    assertThat(format).isEqualTo(OrcFormat.RENUMBERED);
    assertThat(format.decode(bytes, 6))
        .isEqualTo(new OrcEntry(32, -16, Base.SP, Base.PREV_SP, Kind.CALL, false));
    assertThat(format.decode(entries(0, 0, 0x209), 0).sp()).isEqualTo(Base.SP_INDIRECT);
  }

  @Test
  void noForm() {
    assertThat(OrcFormat.of(entries(8, 0, 0x207, 8, 0, 0x207))).isEmpty();
    assertThat(OrcFormat.of(new byte[60])).isEmpty();
  }
}
