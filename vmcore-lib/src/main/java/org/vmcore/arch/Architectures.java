package org.vmcore.arch;

import java.util.List;
import java.util.Optional;
import org.vmcore.elf.VmcoreInfo;

/** The architectures that are known whole: a new one is listed here. */
public final class Architectures {
  /** All of them. Where a dump tells nothing of its own, the first that fits is taken. */
  public static final List<Architecture> ALL = List.of(X86_64.INSTANCE, Arm64.INSTANCE);

  private Architectures() {}

  /** The architecture of this e_machine; empty for any other. */
  public static Optional<Architecture> of(int machine) {
    for (Architecture each : ALL) {
      if (each.machine() == machine) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** The architecture of this {@link Architecture#label}; empty for any other. */
  public static Optional<Architecture> of(String label) {
    for (Architecture each : ALL) {
      if (each.label().equals(label)) {
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

  /** The architecture of the machine that uname(2) calls {@code machine}; empty for any other. */
  static Optional<Architecture> ofUtsname(String machine) {
    for (Architecture each : ALL) {
      if (each.utsname().equals(machine)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** The labels, {@code between} standing between two. */
  public static String labels(String between) {
    StringBuilder labels = new StringBuilder();
    for (Architecture each : ALL) {
      labels.append(labels.isEmpty() ? "" : between).append(each.label());
    }
    return labels.toString();
  }
}
