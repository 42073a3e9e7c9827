package org.vmcore.kernel.unwind;

import static org.vmcore.kernel.unwind.OrcEntry.Base.AX;
import static org.vmcore.kernel.unwind.OrcEntry.Base.BP;
import static org.vmcore.kernel.unwind.OrcEntry.Base.BP_INDIRECT;
import static org.vmcore.kernel.unwind.OrcEntry.Base.DI;
import static org.vmcore.kernel.unwind.OrcEntry.Base.DX;
import static org.vmcore.kernel.unwind.OrcEntry.Base.PREV_SP;
import static org.vmcore.kernel.unwind.OrcEntry.Base.R10;
import static org.vmcore.kernel.unwind.OrcEntry.Base.R13;
import static org.vmcore.kernel.unwind.OrcEntry.Base.SP;
import static org.vmcore.kernel.unwind.OrcEntry.Base.SP_INDIRECT;
import static org.vmcore.kernel.unwind.OrcEntry.Base.UNDEFINED;

import java.util.Optional;
import org.vmcore.kernel.unwind.OrcEntry.Base;
import org.vmcore.kernel.unwind.OrcEntry.Kind;

/**
 * The bits of {@code struct orc_entry}, 6 bytes: two 16-bit offsets, then from the lowest bit on 4
 * bits sp_reg, 4 bits bp_reg, and the type. Linux 6.4 gave the type a third bit and numbered it
 * anew, 7.1 did so with the registers. Distributions took such changes to older kernels: what the
 * entries say of plain functions decides (FORMATS.md, 87).
 */
public enum OrcFormat {
  /** Two bits of type; an end is marked beside an undefined sp_reg (by bit 10, or 11 in 6.3). */
  TWO_BITS,

  /** Three bits of type, then a bit that says whether the caller was interrupted. */
  THREE_BITS,

  /** That, with the registers of 7.1. */
  RENUMBERED;

  /** sizeof(struct orc_entry). */
  public static final int SIZE = 6;

  private static final int END = 3 << 10;
  private static final Kind[] KINDS = Kind.values();
  private static final Kind[] OLD_KINDS = {Kind.CALL, Kind.REGS, Kind.REGS_PARTIAL};

  private static final Base[] REGISTERS = {
    UNDEFINED, PREV_SP, DX, DI, BP, SP, R10, R13, BP_INDIRECT, SP_INDIRECT
  };
  private static final Base[] NEW_REGISTERS = {
    UNDEFINED, AX, DX, SP, BP, DI, R10, R13, PREV_SP, SP_INDIRECT, BP_INDIRECT
  };

  /**
   * The form of entries of which {@code sample} has many. At the first instruction of every
   * function the caller's stack pointer is rsp + 8, so most entries with that offset are such.
   */
  public static Optional<OrcFormat> of(byte[] sample) {
    int[] counts = new int[1 << 7];
    for (int at = 0; at + SIZE <= sample.length; at += SIZE) {
      if (int16(sample, at) == 8) {
        int bits = int16(sample, at + 4);
        counts[(bits & 0xf) | (bits >> 4 & 0x70)]++;
      }
    }
    int most = 0;
    for (int i = 1; i < counts.length; i++) {
      most = counts[i] > counts[most] ? i : most;
    }
    return switch (most) {
      case 0x05 -> Optional.of(TWO_BITS);
      case 0x25 -> Optional.of(THREE_BITS);
      case 0x23 -> Optional.of(RENUMBERED);
      default -> Optional.empty();
    };
  }

  /** The entry in {@code bytes} at {@code at}. */
  public OrcEntry decode(byte[] bytes, int at) {
    int bits = int16(bytes, at + 4);
    Base sp = register(bits & 0xf);
    Kind kind = this == TWO_BITS ? oldKind(bits, sp) : kind(bits >> 8 & 7);
    boolean isSignal =
        this == TWO_BITS ? kind == Kind.REGS || kind == Kind.REGS_PARTIAL : (bits >> 11 & 1) != 0;
    return new OrcEntry(
        int16(bytes, at), int16(bytes, at + 2), sp, register(bits >> 4 & 0xf), kind, isSignal);
  }

  private Base register(int number) {
    Base[] all = this == RENUMBERED ? NEW_REGISTERS : REGISTERS;
    return number < all.length ? all[number] : UNDEFINED;
  }

  private static Kind kind(int number) {
    return number < KINDS.length ? KINDS[number] : Kind.UNDEFINED;
  }

  private static Kind oldKind(int bits, Base sp) {
    if (sp == UNDEFINED) {
      return (bits & END) != 0 ? Kind.END_OF_STACK : Kind.UNDEFINED;
    }
    int number = bits >> 8 & 3;
    return number < OLD_KINDS.length ? OLD_KINDS[number] : Kind.UNDEFINED;
  }

  private static int int16(byte[] bytes, int at) {
    return (short) ((bytes[at] & 0xff) | bytes[at + 1] << 8);
  }
}
