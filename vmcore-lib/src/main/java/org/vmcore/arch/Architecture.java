package org.vmcore.arch;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.elf.QemuCpuState;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.bytes.PrStatusLayout;
import org.vmcore.memory.AddressRange;

/**
 * An architecture: all in which its kernels, their dumps and their crash kernels differ from those
 * of the others. {@link Architectures} has the list.
 */
public abstract class Architecture {
  private final Machine machine;

  /**
   * @param number e_machine
   * @param bits of its words: 32 or 64
   */
  Architecture(int number, int bits) {
    this.machine = Machine.of(number, bits);
  }

  /** Its number, word size and names. */
  public final Machine machine() {
    return machine;
  }

  /** The kernel's name: {@code x86_64}, {@code arm64}. */
  public final String label() {
    return machine.label();
  }

  @Override
  public final String toString() {
    return label();
  }

  // What a dump's notes hold.

  /**
   * Keys of VMCOREINFO that only this architecture's kernels write, of either word size; {@code
   * NUMBER(phys_base)}.
   */
  abstract List<String> ownKeys();

  /** The first of {@link #ownKeys} that {@code info} has. */
  final Optional<String> ownKey(VmcoreInfo info) {
    for (String key : ownKeys()) {
      if (info.get(key).isPresent()) {
        return Optional.of(key);
      }
    }
    return Optional.empty();
  }

  /** Whether {@code info} has a line that only this architecture's kernels write. */
  final boolean isOf(VmcoreInfo info) {
    return ownKey(info).isPresent();
  }

  /** How {@code struct elf_prstatus} lies. */
  public abstract PrStatusLayout prStatus();

  // Page tables.

  /**
   * The layouts that a kernel's page tables may have: the one that VMCOREINFO tells of first, then
   * the others that there are; none where page tables can't be read.
   *
   * @param order the kernel's byte order
   */
  public List<Paging> layouts(Optional<VmcoreInfo> info, ByteOrder order) {
    return List.of();
  }

  /** The root that a CPU used, as QEMU kept it; empty where QEMU keeps none. */
  public Optional<CpuRoot> root(QemuCpuState state) {
    return Optional.empty();
  }

  /** The physical addresses at which the kernel's topmost table may be, the likely one first. */
  public List<Long> roots(CpuRoot cpu, Optional<VmcoreInfo> info) {
    return List.of(cpu.register());
  }

  // The kernel's image.

  /** Where the image lies, wherever KASLR puts it: virtual; empty where that is open. */
  public Optional<AddressRange> imageSpace() {
    return Optional.empty();
  }

  /** The virtual address of {@code _text}. */
  public OptionalLong imageVaddr(VmcoreInfo info) {
    return info.symbol("_stext");
  }

  /** The physical address of {@code vaddr}, which lies in the image; empty where nothing tells. */
  public OptionalLong imagePaddr(VmcoreInfo info, long vaddr) {
    return OptionalLong.empty();
  }

  /**
   * Below which physical address the kernels lie whose VMCOREINFO has no {@link #imagePaddr}; 0
   * when all have it.
   */
  public long unknownImageEnd() {
    return 0;
  }

  // The direct map.

  /** The direct map, as far as VMCOREINFO tells of it and without KASLR. */
  public Optional<DirectMap> directMap(VmcoreInfo info) {
    return Optional.empty();
  }

  /** Whether KASLR moves the direct map, and VMCOREINFO doesn't tell where. */
  public boolean isDirectMapRandom() {
    return false;
  }

  /** Whether the direct map may begin at another physical address than 0. */
  public boolean hasPhysOffset() {
    return false;
  }
}
