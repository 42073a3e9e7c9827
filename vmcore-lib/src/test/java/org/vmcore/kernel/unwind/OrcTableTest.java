package org.vmcore.kernel.unwind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.oldmem.BytesMemory;

class OrcTableTest {
  private static final long TABLE = 0xffff_ffff_8200_0000L;
  private static final long TEXT = 0xffff_ffff_8100_0000L;
  private static final int COUNT = 5000;

  /** An entry for every 0x10 bytes of text, whose offset is its index. */
  private static ByteBuffer bytes() {
    ByteBuffer out = ByteBuffer.allocate(COUNT * 10).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < COUNT; i++) {
      out.putInt((int) (TEXT + 0x10L * i - (TABLE + 4L * i)));
    }
    for (int i = 0; i < COUNT; i++) {
      out.putShort((short) i).putShort((short) 0).putShort((short) 0x205);
    }
    return out;
  }

  private static OrcTable table(ByteBuffer table) {
    byte[] bytes = new byte[table.capacity()];
    table.get(0, bytes);
    KernelReader in =
        new KernelReader("vmcore", BytesMemory.at(TABLE, bytes), ByteOrder.LITTLE_ENDIAN, 64);
    return new OrcTable(
        in, "the ORC table", OrcFormat.THREE_BITS, TABLE, TABLE + 4L * COUNT, COUNT);
  }

  @Test
  void theLastEntryThatIsNotAbove() throws Exception {
    OrcTable table = table(bytes());

    for (int i = 0; i < COUNT; i += 7) {
      assertThat(table.at(TEXT + 0x10L * i).spOffset()).isEqualTo(i);
      assertThat(table.at(TEXT + 0x10L * i + 0xf).spOffset()).isEqualTo(i);
    }
    assertThat(table.covers(TEXT - 1)).isFalse();
    assertThat(table.covers(TEXT)).isTrue();
    assertThat(table.covers(TEXT + 0x10L * (COUNT - 1))).isFalse();
  }

  @Test
  void outOfOrderAtAStepOfTheSearch() {
    ByteBuffer bytes = bytes().putInt(4 * 2500, 0x100_0000);

    assertThatThrownBy(() -> table(bytes).at(TEXT + 0x100))
        .isInstanceOf(BrokenStack.class)
        .hasMessage("the ORC table at 0xffffffff82000000: out of order at entry 2500 of 5000");
  }

  @Test
  void outOfOrderBesideTheEntry() {
    ByteBuffer bytes = bytes().putInt(4 * 18, 0);

    assertThatThrownBy(() -> table(bytes).at(TEXT + 0x100))
        .isInstanceOf(BrokenStack.class)
        .hasMessageEndingWith("out of order at entry 19 of 5000");
  }

  @Test
  void anEntryThatIsNotInTheDump() {
    ByteBuffer bytes = bytes().slice(0, COUNT * 4);

    assertThatThrownBy(() -> table(bytes).at(TEXT + 0x100))
        .isInstanceOf(BrokenStack.class)
        .hasMessageStartingWith("the ORC table at 0xffffffff82004e80: ");
  }
}
