package org.vmcore.elf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The registers of s390x in notes of the name LINUX, by their types; big-endian.
 *
 * <p>Source: Linux' arch/s390/kernel/ptrace.c, {@code s390_regsets}.
 */
final class RegisterSets {
  private static final int REGISTERS = 16;
  private static final int HIGH_GPRS = 0x300;
  private static final int TIMER = 0x301;
  private static final int TODCMP = 0x302;
  private static final int TODPREG = 0x303;
  private static final int CTRS = 0x304;
  private static final int PREFIX = 0x305;
  private static final int LAST_BREAK = 0x306;
  private static final int SYSTEM_CALL = 0x307;
  private static final int VXRS_LOW = 0x309;
  private static final int VXRS_HIGH = 0x30a;
  private static final int GS_CB = 0x30b;
  private static final int GS_BC = 0x30c;

  private static final List<String> GUARDED_STORAGE =
      List.of("reserved", "gsd", "gssm", "gs_epl_a");

  private RegisterSets() {}

  /** How many bytes a set has; 0 of a type that isn't known here. */
  static int size(int type) {
    return switch (type) {
      case TIMER, TODCMP, LAST_BREAK -> Long.BYTES;
      case TODPREG, PREFIX, SYSTEM_CALL -> Integer.BYTES;
      case HIGH_GPRS -> REGISTERS * Integer.BYTES;
      case CTRS, VXRS_LOW -> REGISTERS * Long.BYTES;
      case VXRS_HIGH -> 2 * REGISTERS * Long.BYTES;
      case GS_CB, GS_BC -> GUARDED_STORAGE.size() * Long.BYTES;
      default -> 0;
    };
  }

  /** The registers in {@code desc}, which has {@link #size} bytes. */
  static List<Register> of(int type, byte[] desc) {
    ByteBuffer in = ByteBuffer.wrap(desc);
    List<Register> registers = new ArrayList<>();
    for (int i = 0; in.hasRemaining(); i++) {
      boolean isInt = in.remaining() == Integer.BYTES || type == HIGH_GPRS;
      long value = isInt ? Integer.toUnsignedLong(in.getInt()) : in.getLong();
      registers.add(new Register(name(type, i), value));
    }
    return registers;
  }

  private static String name(int type, int i) {
    return switch (type) {
      case HIGH_GPRS -> "gpr" + i + "_high";
      case TIMER -> "timer";
      case TODCMP -> "todcmp";
      case TODPREG -> "todpreg";
      case CTRS -> "cr" + i;
      case PREFIX -> "prefix";
      case LAST_BREAK -> "last_break";
      case SYSTEM_CALL -> "system_call";
      case VXRS_LOW -> "v" + i + "_low";
      case VXRS_HIGH -> "v" + (REGISTERS + i / 2) + (i % 2 == 0 ? "_high" : "_low");
      default -> GUARDED_STORAGE.get(i);
    };
  }
}
