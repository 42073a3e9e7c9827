package org.vmcore.mmu;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.arch.Architecture;
import org.vmcore.arch.KernelImage;
import org.vmcore.elf.Machine;
import org.vmcore.elf.Note;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.QemuCpuState;
import org.vmcore.elf.Register;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.bytes.NoteReader;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;

/**
 * What a dump tells of its kernel's page tables.
 *
 * @param file named in errors
 * @param machine e_machine, see {@link org.vmcore.elf.Machine}
 * @param order the kernel's byte order
 * @param physical the physical memory
 * @param info VMCOREINFO, when there is one
 * @param ranges what the PT_LOADs tell of kernel virtual addresses
 * @param cpus the CPUs whose control registers are known
 */
public record PagingHints(
    String file,
    int machine,
    ByteOrder order,
    Memory physical,
    Optional<VmcoreInfo> info,
    List<Range> ranges,
    List<Cpu> cpus) {
  /** The most PT_LOADs and CPUs that are looked at. */
  private static final int MOST = 1024;

  /** Bit 12 of x86_64's CR4, LA57: page tables have 5 levels. */
  private static final long LA57 = 1L << 12;

  /** Registers that hold addresses which a running kernel has mapped. */
  private static final List<String> ADDRESSES =
      List.of("rip", "rsp", "gs_base", "kernel_gs_base", "idt_base", "gdt_base");

  /** Unmodifiable copies of the lists are kept. */
  public PagingHints {
    ranges = List.copyOf(ranges);
    cpus = List.copyOf(cpus);
  }

  /**
   * Kernel virtual addresses in a row, and the physical ones in a row that they are mapped to.
   *
   * @param size in bytes
   */
  public record Range(long vaddr, long paddr, long size) {
    boolean contains(long address) {
      return Long.compareUnsigned(address - vaddr, size) < 0;
    }
  }

  /**
   * An x86_64 CPU's control registers.
   *
   * @param cr3 CR3: the physical address of its topmost table, and flags
   * @param isFiveLevels CR4.LA57
   * @param mapped kernel virtual addresses that this CPU used
   */
  public record Cpu(long cr3, boolean isFiveLevels, List<Long> mapped) {
    /** An unmodifiable copy of the addresses is kept. */
    public Cpu {
      mapped = List.copyOf(mapped);
    }
  }

  /**
   * What {@code vmcore} tells.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public static PagingHints of(Vmcore vmcore) throws VmcoreException {
    return of(vmcore, vmcore.vmcoreInfo());
  }

  /**
   * What {@code vmcore} tells, with {@code info} for VMCOREINFO.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public static PagingHints of(Vmcore vmcore, Optional<VmcoreInfo> info) throws VmcoreException {
    return new PagingHints(
        vmcore.name(),
        vmcore.header().machine(),
        vmcore.header().order(),
        vmcore.physical(),
        info,
        ranges(vmcore),
        cpus(vmcore));
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
    Optional<Architecture> architecture = Architecture.of(Machine.name(machine));
    return info.isEmpty() || architecture.isEmpty()
        ? OptionalLong.empty()
        : KernelImage.paddr(architecture.get(), info.get(), vaddr);
  }

  private static List<Range> ranges(Vmcore vmcore) {
    List<Range> ranges = new ArrayList<>();
    for (ProgramHeader segment : vmcore.segments()) {
      if (segment.isLoad()
          && segment.memsz() > 0
          && segment.vaddr() < 0
          && vmcore.isVirtualKnown(segment)
          && ranges.size() < MOST) {
        ranges.add(new Range(segment.vaddr(), segment.paddr(), segment.memsz()));
      }
    }
    return ranges;
  }

  private static List<Cpu> cpus(Vmcore vmcore) throws VmcoreException {
    List<Cpu> cpus = new ArrayList<>();
    for (Note note : vmcore.notes()) {
      if (note.isQemuCpuState() && cpus.size() < MOST) {
        cpu(note).ifPresent(cpus::add);
      }
    }
    return cpus;
  }

  /** A note that is too short to hold the registers tells nothing. */
  private static Optional<Cpu> cpu(Note note) throws VmcoreException {
    if (note.descriptor(NoteReader.QEMU_MIN_SIZE).length < NoteReader.QEMU_MIN_SIZE) {
      return Optional.empty();
    }
    QemuCpuState state = note.qemuCpuState();
    List<Long> mapped = new ArrayList<>();
    for (String name : ADDRESSES) {
      long value = register(state, name);
      if (value < 0) {
        mapped.add(value);
      }
    }
    boolean fiveLevels = (register(state, "cr4") & LA57) != 0;
    return Optional.of(new Cpu(register(state, "cr3"), fiveLevels, mapped));
  }

  private static long register(QemuCpuState state, String name) {
    return state.register(name).map(Register::value).orElse(0L);
  }
}
