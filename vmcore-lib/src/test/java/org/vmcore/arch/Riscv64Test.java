package org.vmcore.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmcore.arch.frames.FrameCode;

class Riscv64Test {
  private static final long ADDRESS = 0xffff_ffff_8000_1000L;

  /** Where the call leads whose last bytes these are, whatever is in front of it. */
  private static OptionalLong callee(String hex) {
    FrameCode code = Riscv64.INSTANCE.frameChain().orElseThrow().code();
    byte[] before = new byte[code.callSize()];
    byte[] call = HexFormat.of().parseHex(hex);
    System.arraycopy(call, 0, before, before.length - call.length, call.length);
    return code.callee(before, ADDRESS, ByteOrder.LITTLE_ENDIAN);
  }

  @ParameterizedTest
  @CsvSource({
    "ef008000, 4", // jal ra, two instructions ahead
    "97000000e7800001, 8", // auipc ra, 0; jalr ra, 16(ra)
  })
  void whereACallLeads(String call, long behind) {
    assertThat(callee(call)).hasValue(ADDRESS + behind);
  }

  @ParameterizedTest
  @CsvSource({"e7800700", "8297"}) // jalr ra, 0(a5), and its compressed form
  void aRegisterTells(String call) {
    assertThat(callee(call)).hasValue(0);
  }

  /** Ret, ebreak as of BUG and WARN, nop, and ebreak of four bytes. */
  @ParameterizedTest
  @CsvSource({"8280", "0290", "0100", "73001000"})
  void whatIsNoCall(String instruction) {
    assertThat(callee(instruction)).isEmpty();
  }
}
