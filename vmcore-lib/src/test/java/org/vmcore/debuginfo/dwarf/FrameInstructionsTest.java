package org.vmcore.debuginfo.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.vmcore.kernel.unwind.OrcEntry;
import org.vmcore.kernel.unwind.OrcEntry.Base;
import org.vmcore.kernel.unwind.OrcEntry.Kind;

class FrameInstructionsTest {
  private static final FrameRules PUSHED = rules(Base.SP, 16, Base.PREV_SP, -16, Kind.CALL);
  private static final FrameRules REGS = rules(Base.SP, 0, Base.UNDEFINED, 0, Kind.REGS);
  private static final FrameRules IRET = rules(Base.SP, 8, Base.UNDEFINED, 0, Kind.REGS_PARTIAL);

  /** DW_CFA_offset of the return address at cfa-8, DW_CFA_same_value of rbp. */
  private static final String CALL = "9001" + "0806";

  private static FrameRules rules(Base sp, int offset, Base bp, int bpOffset, Kind kind) {
    return FrameRules.of(new OrcEntry(offset, bpOffset, sp, bp, kind, false));
  }

  private static String change(FrameRules from, FrameRules to) {
    DwarfBuffer out = new DwarfBuffer(false);
    new FrameInstructions(out).change(from, to);
    return HexFormat.of().formatHex(out.toArray());
  }

  @Test
  void begin() {
    DwarfBuffer out = new DwarfBuffer(false);

    new FrameInstructions(out).begin();

    assertThat(HexFormat.of().formatHex(out.toArray())).isEqualTo("0c0708" + CALL);
  }

  @Test
  void framePointerIsPushedAndUsed() {
    assertThat(change(FrameRules.CALLED, PUSHED)).isEqualTo("0e10" + "8602");
    FrameRules used = rules(Base.BP, 16, Base.PREV_SP, -16, Kind.CALL);
    assertThat(change(PUSHED, used)).isEqualTo("0c0610");
    assertThat(change(used, FrameRules.CALLED)).isEqualTo("0c0708" + "0806");
    assertThat(change(PUSHED, PUSHED)).isEmpty();
  }

  /** rip at 128, rsp at 152, rbp at 32 of a struct pt_regs; r15 is the first. */
  @Test
  void allRegisters() {
    assertThat(change(FrameRules.CALLED, REGS))
        .startsWith("0e00" + "8f00" + "110e7f")
        .contains("11067c")
        .contains("111070")
        .endsWith("11076d");
    assertThat(change(REGS, FrameRules.CALLED)).startsWith("0e08" + "cf").endsWith("c7" + CALL);
  }

  /** rip at 0 and rsp at 24 of what the CPU pushed. */
  @Test
  void registersThatTheCpuPushed() {
    assertThat(change(FrameRules.CALLED, IRET)).isEqualTo("9000" + "11077d" + "0806");
    assertThat(change(IRET, FrameRules.CALLED)).isEqualTo("c7" + CALL);
    FrameRules saved = rules(Base.SP, 8, Base.PREV_SP, -96, Kind.REGS_PARTIAL);
    assertThat(change(FrameRules.CALLED, saved)).endsWith("11067c");
  }

  /** The stack pointer is at an address, not beside it. */
  @Test
  void indirect() {
    assertThat(change(FrameRules.CALLED, rules(Base.BP_INDIRECT, -8, Base.BP, -16, Kind.CALL)))
        .isEqualTo("0f03" + "767806" + "100602" + "7670");
    assertThat(change(PUSHED, rules(Base.SP_INDIRECT, 8, Base.PREV_SP, -16, Kind.CALL)))
        .isEqualTo("0f06" + "770006" + "1108" + "22");
    assertThat(change(FrameRules.CALLED, rules(Base.R10, 32, Base.UNDEFINED, 0, Kind.CALL)))
        .isEqualTo("0c0a00");
  }

  @Test
  void nothingIsKnownOfTheCaller() {
    assertThat(change(PUSHED, rules(Base.UNDEFINED, 0, Base.UNDEFINED, 0, Kind.UNDEFINED)))
        .isEqualTo("0e08" + "0710" + "0806");
    assertThat(change(FrameRules.CALLED, rules(Base.SP, 8, Base.UNDEFINED, 0, Kind.END_OF_STACK)))
        .isEqualTo("0710" + "0806");
  }

  @Test
  void advances() {
    DwarfBuffer out = new DwarfBuffer(false);
    FrameInstructions instructions = new FrameInstructions(out);
    instructions.advance(1);
    instructions.advance(0x40);
    instructions.advance(0x100);
    instructions.advance(0x10000);

    assertThat(HexFormat.of().formatHex(out.toArray()))
        .isEqualTo("41" + "0240" + "030001" + "0400000100");
  }
}
