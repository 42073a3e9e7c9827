package org.vmcore.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmcore.arch.frames.FrameCode;
import org.vmcore.arch.frames.FrameCode.State;

class Arm64Test {
  private static final long ADDRESS = 0xffff_8000_0800_1000L;

  private static FrameCode code() {
    return Arm64.INSTANCE.frameChain().orElseThrow().code();
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static ByteOrder order(String name) {
    return name.equals("big") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  @ParameterizedTest
  @CsvSource({"little", "big"})
  void instructionsAreLittleEndianWhateverTheKernelIs(String order) {
    String made = "fd7bbea9fd030091"; // stp x29, x30, [sp, #-32]!; mov x29, sp
    String taken = made + "fd7bc2a8"; // ldp x29, x30, [sp], #32

    assertThat(code().state(bytes(made), order(order))).isEqualTo(State.COMPLETE);
    assertThat(code().state(bytes(taken), order(order))).isEqualTo(State.CALLED);
    assertThat(code().state(bytes(taken + "c0035fd6"), order(order))).isEqualTo(State.COMPLETE);
  }

  @ParameterizedTest
  @CsvSource({
    "04000094, 12", // bl, four instructions ahead
    "ffffff97, -8", // bl, one back
    "00003fd6, -1", // blr x0: a register tells
    "1f0b3fd6, -1", // blraaz x24
  })
  void whereACallLeads(String call, long behind) {
    long callee = code().callee(bytes(call), ADDRESS, ByteOrder.LITTLE_ENDIAN).orElseThrow();

    assertThat(callee).isEqualTo(behind == -1 ? 0 : ADDRESS + behind);
  }

  @ParameterizedTest
  @CsvSource({"c0035fd6", "00001fd6", "04000014", "1f2003d5"}) // ret, br x0, b, nop
  void whatIsNoCall(String instruction) {
    assertThat(code().callee(bytes(instruction), ADDRESS, ByteOrder.LITTLE_ENDIAN)).isEmpty();
  }
}
