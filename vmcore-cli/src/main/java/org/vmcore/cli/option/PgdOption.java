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
    OptionalLong root = address < 0 ? kernel.physical(address) : OptionalLong.of(address);
    if (root.isEmpty()) {
      throw VmcoreException.of(
          vmcore.name(),
          "--pgd "
              + Hex.of(address)
              + (kernel.tables().isPresent()
                  ? ": not in the page tables"
                  : ": its physical address isn't known: " + kernel.reason()));
    }
    if (vmcore.physical().extentAt(root.getAsLong()).state() == PageState.NOT_RAM) {
      throw VmcoreException.of(
          vmcore.name(), "--pgd " + Hex.of(address) + ": the dump knows of no RAM there");
    }
    return kernel.tables(root.getAsLong(), wanted);
  }
}
