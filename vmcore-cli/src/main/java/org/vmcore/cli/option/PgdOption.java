package org.vmcore.cli.option;

import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.AddressSpace;
import org.vmcore.mmu.KernelMemory;
import org.vmcore.values.Hex;
import picocli.CommandLine.Model.CommandSpec;

/** Whose virtual memory: the kernel's, or a task's. */
public final class PgdOption {
  private final Opt<Long> pgd =
      Opt.of(
          Long.class,
          new Numbers.Address(),
          "ADDR",
          "A task's virtual memory: its mm_struct.pgd, or the physical address of its topmost page"
              + " table. By default the kernel's.",
          "--pgd");

  public void addTo(CommandSpec spec) {
    pgd.addTo(spec);
  }

  public void requireEffect(boolean effect, String only) {
    pgd.requireEffect(effect, only);
  }

  public boolean isGiven() {
    return pgd.isGiven();
  }

  /**
   * The virtual memory by the tables that the option names; where the kernel's own aren't known, in
   * the layout in which {@code wanted} is mapped.
   */
  public AddressSpace of(KernelMemory kernel, Vmcore vmcore, long wanted) throws VmcoreException {
    long address = pgd.value().orElseThrow();
    boolean isPhysical = address >= 0 && isRam(vmcore, address);
    OptionalLong root = isPhysical ? OptionalLong.of(address) : kernel.physical(address);
    if (root.isEmpty() && address >= 0) {
      throw VmcoreException.of(
          vmcore.name(), "--pgd " + Hex.of(address) + ": the dump knows of no RAM there");
    }
    if (root.isEmpty()) {
      throw VmcoreException.of(
          vmcore.name(),
          "--pgd "
              + Hex.of(address)
              + (kernel.tables().isPresent()
                  ? ": not in the page tables"
                  : ": its physical address isn't known: " + kernel.reason()));
    }
    return kernel.tables(root.getAsLong(), wanted);
  }

  /** Not so of a virtual address of 32 bits, nor of s390x's with an identity base. */
  private static boolean isRam(Vmcore vmcore, long address) throws VmcoreException {
    return vmcore.physical().extentAt(address).state() != PageState.NOT_RAM;
  }
}
