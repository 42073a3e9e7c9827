package org.vmcore.gdb.remote;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.arch.Machine;
import org.vmcore.elf.Register;

/**
 * A machine as gdb knows it: its registers in the order in which they are sent (gdb's manual,
 * Standard Target Features).
 */
final class Target {
  private final String architecture;
  private final List<Feature> features;
  private final List<TargetRegister> registers = new ArrayList<>();

  Target(String architecture, List<Feature> features) {
    this.architecture = architecture;
    this.features = features;
    features.forEach(feature -> registers.addAll(feature.registers()));
  }

  /**
   * Registers that belong together.
   *
   * @param types declared in it, XML
   */
  record Feature(String name, String types, List<TargetRegister> registers) {}

  /** The target of this machine; empty where gdb can't be told of it yet. */
  static Optional<Target> of(Machine machine) {
    return switch (machine.bits() == Long.SIZE ? machine.number() : Machine.NONE) {
      case Machine.X86_64 -> Optional.of(X86Target.make());
      case Machine.ARM64 -> Optional.of(Arm64Target.make());
      default -> Optional.empty();
    };
  }

  /** The target description. */
  String xml() {
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\"?>\n");
    xml.append("<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n<target version=\"1.0\">\n");
    xml.append("<architecture>").append(architecture).append("</architecture>\n");
    for (Feature feature : features) {
      xml.append("<feature name=\"").append(feature.name()).append("\">\n");
      xml.append(feature.types());
      feature.registers().forEach(register -> xml.append(register.xml()));
      xml.append("</feature>\n");
    }
    return xml.append("</target>\n").toString();
  }

  /** How many registers it has. */
  int count() {
    return registers.size();
  }

  /** All registers as they are sent; those that aren't among {@code known} are unavailable. */
  String values(List<Register> known, ByteOrder order) {
    StringBuilder values = new StringBuilder();
    for (int i = 0; i < registers.size(); i++) {
      values.append(value(i, known, order));
    }
    return values.toString();
  }

  /** A register as it is sent: bytes in the target's order, or an {@code x} for each digit. */
  String value(int index, List<Register> known, ByteOrder order) {
    TargetRegister register = registers.get(index);
    int bytes = register.bits() / Byte.SIZE;
    for (Register each : known) {
      if (each.name().equals(register.source())) {
        return digits(each.value(), bytes, order);
      }
    }
    return "x".repeat(2 * bytes);
  }

  private static String digits(long value, int bytes, ByteOrder order) {
    StringBuilder digits = new StringBuilder();
    for (int i = 0; i < bytes; i++) {
      int at = order == ByteOrder.LITTLE_ENDIAN ? i : bytes - 1 - i;
      int each = at < Long.BYTES ? (int) (value >>> (Byte.SIZE * at)) & 0xff : 0;
      digits.append(Character.forDigit(each >> 4, 16)).append(Character.forDigit(each & 0xf, 16));
    }
    return digits.toString();
  }
}
