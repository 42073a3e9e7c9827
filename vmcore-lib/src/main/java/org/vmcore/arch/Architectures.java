package org.vmcore.arch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.bytes.PrStatusLayout;

/** The architectures of whose dumps more is known than the name: a new one is listed here. */
public final class Architectures {
  /** All of them. Where a dump tells nothing of its own, the first that fits is taken. */
  public static final List<Architecture> ALL =
      List.of(
          X86_64.INSTANCE,
          Arm64.INSTANCE,
          I386.INSTANCE,
          Arm.INSTANCE,
          Ppc64.INSTANCE,
          Riscv64.INSTANCE,
          S390x.INSTANCE);

  /** Those of them that crash headers can be prepared for. */
  public static final List<PreparedArchitecture> PREPARED = prepared();

  private Architectures() {}

  private static List<PreparedArchitecture> prepared() {
    List<PreparedArchitecture> prepared = new ArrayList<>();
    for (Architecture each : ALL) {
      if (each instanceof PreparedArchitecture its) {
        prepared.add(its);
      }
    }
    return List.copyOf(prepared);
  }

  /** The architecture of this machine; empty for any other. */
  public static Optional<Architecture> of(Machine machine) {
    for (Architecture each : ALL) {
      if (each.machine().equals(machine)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** The architecture whose kernel wrote {@code info}; empty when nothing in it says. */
  public static Optional<Architecture> of(VmcoreInfo info) {
    for (Architecture each : ALL) {
      if (each.isOf(info)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** That of {@link #PREPARED} with this {@link Architecture#label}; empty for any other. */
  public static Optional<PreparedArchitecture> prepared(String label) {
    for (PreparedArchitecture each : PREPARED) {
      if (each.label().equals(label)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** That of {@link #PREPARED} whose kernel wrote {@code info}; empty when nothing in it says. */
  public static Optional<PreparedArchitecture> prepared(VmcoreInfo info) {
    for (PreparedArchitecture each : PREPARED) {
      if (each.isOf(info)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** The labels of {@link #PREPARED}, {@code between} standing between two. */
  public static String labels(String between) {
    StringBuilder labels = new StringBuilder();
    for (Architecture each : PREPARED) {
      labels.append(labels.isEmpty() ? "" : between).append(each.label());
    }
    return labels.toString();
  }

  /**
   * How {@code struct elf_prstatus} lies on {@code machine}; without registers where these aren't
   * known.
   */
  public static PrStatusLayout prStatus(Machine machine) {
    Optional<Architecture> architecture = of(machine);
    return architecture.isPresent()
        ? architecture.get().prStatus()
        : PrStatusLayout.of(machine.bits());
  }
}
