package org.vmcore.format.raw;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.Architecture;
import org.vmcore.arch.Architectures;
import org.vmcore.arch.Machine;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.RamMap;
import org.vmcore.search.KernelNames;
import org.vmcore.values.Hex;

/**
 * How the RAM of a PC lies: there is a hole for PCI devices below 4 GiB, and what RAM would lie in
 * it comes from 4 GiB on. In a file of a guest's RAM the hole takes no room.
 *
 * <p>Where it begins depends on the hypervisor: QEMU's {@code hw/i386/pc_piix.c} and {@code
 * pc_q35.c} have 3 GiB and 2 GiB where there is more RAM than fits below it, older machine types
 * and VirtualBox 3.5 GiB, VMware 3 GiB.
 */
public final class PcRam {
  private static final String CHECK = "ram_map";
  private static final long FOUR_GIB = 1L << 32;

  /** From here to 4 GiB no PC has RAM. */
  private static final long DEVICES = 0xe000_0000L;

  /**
   * How many places there are looked at, and how many must hold something: a file in which the hole
   * takes room has zeros there, or what few devices say.
   */
  private static final int LOOKED_AT = 256;

  private static final int FULL = LOOKED_AT / 8;

  /** Bytes that are looked at in each place. */
  private static final int LOOK = 64;

  private static final List<Layout> LAYOUTS =
      List.of(
          new Layout("QEMU's pc, VMware", 0xc000_0000L),
          new Layout("QEMU's q35", 0x8000_0000L),
          new Layout("VirtualBox, older QEMU", 0xe000_0000L));

  private final ByteSource file;
  private final Optional<VmcoreInfo> info;

  private PcRam(ByteSource file, Optional<VmcoreInfo> info) {
    this.file = file;
    this.info = info;
  }

  /**
   * A guest's RAM.
   *
   * @param hole the physical address where its hole begins
   */
  private record Layout(String name, long hole) {
    /** The file offset of {@code paddr}; empty in the hole. */
    OptionalLong offset(long paddr) {
      if (paddr >= FOUR_GIB) {
        return OptionalLong.of(paddr - FOUR_GIB + hole);
      }
      return paddr < hole ? OptionalLong.of(paddr) : OptionalLong.empty();
    }

    /** The RAM map of a file of {@code size} bytes, as text. */
    String map(long size) {
      long above = FOUR_GIB + size - hole - 1;
      return "0-"
          + Hex.of(hole - 1)
          + "@0,"
          + Hex.of(FOUR_GIB)
          + "-"
          + Hex.of(above)
          + "@"
          + Hex.of(hole)
          + " ("
          + name
          + ")";
    }
  }

  /**
   * Reports it when {@code map} can't be that of a PC, or the kernel isn't where VMCOREINFO has it.
   *
   * @param machine e_machine
   * @param info what the kernel tells, if it was found
   * @throws VmcoreException when {@code file} can't be read
   */
  public static void check(
      ByteSource file, RamMap map, int machine, Optional<VmcoreInfo> info, List<Finding> findings)
      throws VmcoreException {
    boolean isPc = machine == Machine.X86_64 || machine == Machine.I386;
    if (isPc && file.size() > LAYOUTS.get(1).hole()) {
      new PcRam(file, info).check(map, findings);
    }
  }

  private void check(RamMap map, List<Finding> findings) throws VmcoreException {
    OptionalLong names = names();
    if (names.isEmpty() || isAt(offset(map, names.getAsLong()))) {
      if (isHoleFull(map)) {
        String where = Hex.of(DEVICES) + " to " + Hex.of(FOUR_GIB - 1);
        report("has RAM from " + where + ", where a PC has devices", both(), findings);
      }
      return;
    }
    String why = "can't be right: the kernel isn't where VMCOREINFO has it, at ";
    String where = Hex.of(names.getAsLong());
    for (Layout layout : LAYOUTS) {
      if (file.size() > layout.hole() && isAt(layout.offset(names.getAsLong()))) {
        report(why + where, "it is with --ram-map " + layout.map(file.size()), findings);
        return;
      }
    }
    if (offset(map, DEVICES).isPresent()) {
      report(why + where, both(), findings);
    }
  }

  /** Whether there is something where a PC's devices are. */
  private boolean isHoleFull(RamMap map) throws VmcoreException {
    long step = (FOUR_GIB - DEVICES) / LOOKED_AT;
    byte[] bytes = new byte[LOOK];
    int full = 0;
    for (long paddr = DEVICES; paddr < FOUR_GIB; paddr += step) {
      OptionalLong at = offset(map, paddr);
      Arrays.fill(bytes, (byte) 0);
      if (at.isPresent() && file.read(at.getAsLong(), MemorySegment.ofArray(bytes)) > 0) {
        full += Arrays.equals(bytes, new byte[LOOK]) ? 0 : 1;
      }
    }
    return full >= FULL;
  }

  private static void report(String what, String advice, List<Finding> findings) {
    findings.add(
        Finding.warning(
            CHECK,
            0,
            "the RAM map "
                + what
                + ". A PC guest's RAM lies below a hole under 4 GiB, the rest from 4 GiB on: "
                + advice));
  }

  /** What fits QEMU's machines. */
  private String both() {
    StringBuilder text = new StringBuilder("--ram-map ");
    for (Layout layout : LAYOUTS.subList(0, 2)) {
      if (file.size() > layout.hole()) {
        text.append(text.length() > 10 ? " or " : "").append(layout.map(file.size()));
      }
    }
    return text.toString();
  }

  /** The physical address of init_uts_ns, as far as VMCOREINFO tells. */
  private OptionalLong names() {
    OptionalLong symbol = info.isEmpty() ? OptionalLong.empty() : info.get().symbol("init_uts_ns");
    Optional<Architecture> architecture = info.flatMap(Architectures::of);
    return symbol.isEmpty() || architecture.isEmpty() || info.get().osRelease().isEmpty()
        ? OptionalLong.empty()
        : architecture.get().imagePaddr(info.get(), symbol.getAsLong());
  }

  /** Whether the names of VMCOREINFO's kernel stand at file offset {@code at}. */
  private boolean isAt(OptionalLong at) throws VmcoreException {
    return at.isPresent() && KernelNames.isAt(file, at.getAsLong(), info.orElseThrow());
  }

  private static OptionalLong offset(RamMap map, long paddr) {
    for (RamMap.Range range : map.ranges()) {
      if (paddr >= range.from() && paddr <= range.to()) {
        return OptionalLong.of(range.offset() + (paddr - range.from()));
      }
    }
    return OptionalLong.empty();
  }
}
