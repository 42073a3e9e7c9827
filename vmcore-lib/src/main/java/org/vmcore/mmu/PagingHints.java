package org.vmcore.mmu;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.arch.Architecture;
import org.vmcore.arch.Architectures;
import org.vmcore.arch.CpuRoot;
import org.vmcore.arch.KernelMachine;
import org.vmcore.arch.Machine;
import org.vmcore.elf.Note;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;

/**
 * What a dump tells of its kernel's page tables.
 *
 * @param file named in errors
 * @param machine the kernel's
 * @param order the kernel's byte order
 * @param physical the physical memory
 * @param info VMCOREINFO, when there is one
 * @param ranges what the PT_LOADs tell of kernel virtual addresses
 * @param cpus the roots that CPUs used, where notes tell of them
 */
record PagingHints(
    String file,
    Machine machine,
    ByteOrder order,
    Memory physical,
    Optional<VmcoreInfo> info,
    List<Range> ranges,
    List<CpuRoot> cpus) {
  /** The most PT_LOADs and CPUs that are looked at. */
  private static final int MOST = 1024;

  /** Unmodifiable copies of the lists are kept. */
  PagingHints {
    ranges = List.copyOf(ranges);
    cpus = List.copyOf(cpus);
  }

  /**
   * Kernel virtual addresses in a row, and the physical ones in a row that they are mapped to.
   *
   * @param size in bytes
   */
  record Range(long vaddr, long paddr, long size) {
    /** The physical addresses; of what would pass 2^64 only those in front of it. */
    AddressRange physical() {
      long end = paddr + size;
      return new AddressRange(paddr, Long.compareUnsigned(end, paddr) > 0 ? end : 0);
    }

    boolean contains(long address) {
      return Long.compareUnsigned(address - vaddr, size) < 0;
    }
  }

  /** What {@code vmcore} tells. */
  static PagingHints of(Vmcore vmcore) throws VmcoreException {
    return of(vmcore, vmcore.vmcoreInfo());
  }

  /** What {@code vmcore} tells, with {@code info} for VMCOREINFO. */
  static PagingHints of(Vmcore vmcore, Optional<VmcoreInfo> info) throws VmcoreException {
    return new PagingHints(
        vmcore.name(),
        machine(vmcore, info),
        KernelMachine.order(vmcore.header(), info),
        vmcore.physical(),
        info,
        ranges(vmcore, machine(vmcore, info)),
        cpus(vmcore, machine(vmcore, info)));
  }

  private static Machine machine(Vmcore vmcore, Optional<VmcoreInfo> info) {
    return KernelMachine.of(vmcore.header(), vmcore.notes(), info).machine();
  }

  /** The same, with {@code other} for VMCOREINFO. */
  PagingHints withInfo(Optional<VmcoreInfo> other) {
    return new PagingHints(file, machine, order, physical, other, ranges, cpus);
  }

  /**
   * The physical address of {@code vaddr}, which lies in the kernel's image; empty where VMCOREINFO
   * doesn't tell it.
   */
  OptionalLong inImage(long vaddr) {
    Optional<Architecture> architecture = architecture();
    return info.isEmpty() || architecture.isEmpty()
        ? OptionalLong.empty()
        : architecture.get().imagePaddr(info.get(), vaddr);
  }

  /** The kernel's memory that needs no page tables, where something tells of it. */
  Optional<LinearMemory> linear() throws VmcoreException {
    return LinearMaps.of(this);
  }

  /** The machine's, when it is known here. */
  Optional<Architecture> architecture() {
    return Architectures.of(machine);
  }

  private static List<Range> ranges(Vmcore vmcore, Machine machine) {
    List<Range> ranges = new ArrayList<>();
    for (ProgramHeader segment : vmcore.segments()) {
      if (segment.isLoad()
          && segment.memsz() > 0
          && isKernels(segment.vaddr(), machine)
          && segment.isPhysicalKnown()
          && vmcore.isVirtualKnown(segment)
          && ranges.size() < MOST) {
        long size = machine.addressable(segment.vaddr(), segment.memsz());
        ranges.add(new Range(segment.vaddr(), segment.paddr(), size));
      }
    }
    return ranges;
  }

  /** Whether {@code vaddr} is an address that only a kernel has. */
  private static boolean isKernels(long vaddr, Machine machine) {
    return machine.bits() == Long.SIZE
        ? vaddr < 0
        : vaddr != 0
            && Architectures.of(machine).map(its -> its.isKernelSpace(vaddr)).orElse(false);
  }

  private static List<CpuRoot> cpus(Vmcore vmcore, Machine machine) throws VmcoreException {
    Optional<Architecture> architecture = Architectures.of(machine);
    List<CpuRoot> cpus = new ArrayList<>();
    if (architecture.isPresent()) {
      for (Note note : vmcore.notes()) {
        Optional<CpuRoot> root =
            cpus.size() < MOST ? architecture.get().root(note) : Optional.empty();
        root.ifPresent(cpus::add);
      }
    }
    return cpus;
  }
}
