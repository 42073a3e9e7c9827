package org.vmcore.kernel.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;

class CodeNamesTest {
  private static final long START = 0xffff_ffff_c021_d140L;
  private static final long LOCK = 0xffff_ffff_c021_f6c0L;

  private final KernelReader in =
      new KernelReader("dump", new Nothing(), ByteOrder.LITTLE_ENDIAN, 64);

  /** No memory: the code is given. */
  private static final class Nothing implements Memory {
    @Override
    public long read(long address, MemorySegment dst) {
      return 0;
    }

    @Override
    public Extent extentAt(long address) {
      return Extent.nowhere(address);
    }
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static byte[] words(int... instructions) {
    ByteBuffer words = ByteBuffer.allocate(4 * instructions.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int instruction : instructions) {
      words.putInt(instruction);
    }
    return words.array();
  }

  @Test
  void anOperandOfX86() {
    // mov $0xffffffffc021f6c0,%rdi
    byte[] code = bytes(0x53, 0x48, 0xc7, 0xc7, 0xc0, 0xf6, 0x21, 0xc0, 0xe8, 0, 0, 0, 0);

    assertThat(CodeNames.x86(in, code, START, LOCK)).isTrue();
    assertThat(CodeNames.x86(in, code, START, LOCK + 8)).isFalse();
  }

  @Test
  void anOperandOfX86RelativeToItself() {
    // lea 0x2579(%rip),%rdi: behind it is START + 7
    byte[] code = bytes(0x48, 0x8d, 0x3d, 0x79, 0x25, 0, 0, 0x90);

    assertThat(CodeNames.x86(in, code, START, START + 7 + 0x2579)).isTrue();
    assertThat(CodeNames.x86(in, code, START, START + 7 + 0x2678)).isFalse();
  }

  @Test
  void adrpAndAddOfArm64() {
    long start = 0xffff_d0a3_8563_f000L;
    // adrp x0, start + 0x2000; nop; add x0, x0, #0x6c8
    byte[] code = words(0xd000_0000, 0xd503_201f, 0x911b_2000);

    assertThat(CodeNames.arm64(in, code, start, start + 0x26c8)).isTrue();
    assertThat(CodeNames.arm64(in, code, start, start + 0x26c0)).isFalse();
    assertThat(CodeNames.arm64(in, code, start, start + 0x36c8)).isFalse();
  }

  @Test
  void anAddOfAnotherRegisterNamesNothing() {
    long start = 0xffff_d0a3_8563_f000L;
    byte[] code = words(0xd000_0001, 0x911b_2000);

    assertThat(CodeNames.arm64(in, code, start, start + 0x26c8)).isFalse();
  }

  @Test
  void codeThatEndsInAnInstruction() {
    assertThat(CodeNames.x86(in, bytes(0xc0, 0xf6, 0x21), START, LOCK)).isFalse();
    assertThat(CodeNames.arm64(in, bytes(0, 0, 0, 0xd0, 0), START, START)).isFalse();
  }
}
