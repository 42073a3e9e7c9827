package org.vmcore.arch;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.frames.FrameChain;
import org.vmcore.arch.paging.Paging;
import org.vmcore.elf.Note;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.bytes.PrStatusLayout;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;

/**
 * An architecture: all in which its kernels, their dumps and their crash kernels differ from those
 * of the others. {@link Architectures} has the list.
 */
public abstract class Architecture {
  static final long IMAGE_ALIGNMENT = 2L << 20;

  /** No kernel's image is larger. */
  private static final long MAX_IMAGE = 256L << 20;

  private static final String SYMBOL = "SYMBOL(";

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

  /**
   * A word of 64 bits at a fixed place in which a kernel keeps the physical address of its
   * VMCOREINFO note, for dump tools that know nothing else of it.
   *
   * @param paddr where the word is: physical
   * @param order the kernel's byte order
   */
  public record InfoPointer(long paddr, ByteOrder order) {}

  /**
   * Where the kernel keeps the address of its VMCOREINFO note; empty where that is at no fixed
   * place.
   */
  public Optional<InfoPointer> vmcoreInfoPointer() {
    return Optional.empty();
  }

  /** How {@code struct elf_prstatus} lies. */
  public abstract PrStatusLayout prStatus();

  /**
   * The registers in {@code struct pt_regs}, words, in on-disk order; here all that NT_PRSTATUS
   * has.
   */
  public List<String> ptRegs() {
    return prStatus().names();
  }

  // Stacks.

  /**
   * How frames are chained on its stacks; empty where more than that leads from one to the next.
   */
  public Optional<FrameChain> frameChain() {
    return Optional.empty();
  }

  /** Its functions that say nothing of a crash's cause. */
  public ExceptionPath exceptionPath() {
    return ExceptionPath.NONE;
  }

  // struct page.

  /**
   * Which sizes a section of physical memory may have where VMCOREINFO doesn't tell
   * SECTION_SIZE_BITS, as powers of two, the likely one first; none where struct pages aren't read.
   */
  public List<Integer> sectionBits() {
    return List.of();
  }

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

  /**
   * Why a kernel may have no page tables that can be read, in words that go on after "page tables:
   * "; empty where nothing is special.
   */
  public String withoutTables(Optional<VmcoreInfo> info) {
    return "";
  }

  /**
   * The root that a CPU used, as {@code note} has its registers; empty for notes that don't tell.
   *
   * @throws VmcoreException when the note can't be read
   */
  public Optional<CpuRoot> root(Note note) throws VmcoreException {
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

  /**
   * The kernel's virtual memory that needs no page tables, as far as that is known: where an
   * address lies in several, the first counts. Here it is the image, up to the last symbol in
   * {@code info}.
   *
   * @param ram where physical memory begins, for {@link #isDirectMapAtRam}
   */
  public List<LinearMap> linearMaps(VmcoreInfo info, long ram) {
    OptionalLong text = info.symbol("_stext");
    if (text.isEmpty()) {
      return List.of();
    }
    long start = text.getAsLong() & -IMAGE_ALIGNMENT;
    OptionalLong paddr = imagePaddr(info, start);
    return start >= 0 || start > -MAX_IMAGE || paddr.isEmpty()
        ? List.of()
        : List.of(LinearMap.image(start, start + imageSize(info, start), paddr.getAsLong()));
  }

  /**
   * What {@link #linearMaps} may be where VMCOREINFO leaves it open: the likely ones first, none
   * where nothing tells.
   */
  public List<List<LinearMap>> linearChoices(VmcoreInfo info, long ram) {
    List<LinearMap> maps = linearMaps(info, ram);
    return maps.isEmpty() ? List.of() : List.of(maps);
  }

  /**
   * How far an image from {@code start} on may reach, in bytes: an eighth farther than to the last
   * symbol, for no symbol in VMCOREINFO is at its end.
   */
  static long imageReach(VmcoreInfo info, long start) {
    long size = imageSize(info, start);
    return (size + size / 8 + IMAGE_ALIGNMENT) & -IMAGE_ALIGNMENT;
  }

  /** Up to the last symbol, in whole 2 MiB: the kernel maps it in these. */
  private static long imageSize(VmcoreInfo info, long start) {
    long last = 0;
    for (String key : info.values().keySet()) {
      if (key.startsWith(SYMBOL) && key.endsWith(")")) {
        String name = key.substring(SYMBOL.length(), key.length() - 1);
        long at = info.symbol(name).orElse(start) - start;
        last = at >= 0 && at < MAX_IMAGE ? Math.max(last, at) : last;
      }
    }
    return (last + IMAGE_ALIGNMENT) & -IMAGE_ALIGNMENT;
  }

  /** Whether a virtual address may be the same as the physical one that it is mapped to. */
  public boolean isIdentityMapped() {
    return false;
  }

  /** Whether a kernel may have something at {@code vaddr}: what isn't there is no p_vaddr. */
  public boolean isKernelSpace(long vaddr) {
    return true;
  }

  /**
   * Whether a PT_LOAD of {@code paddr} may have {@code vaddr} for p_vaddr: not where VMCOREINFO
   * tells that the kernel maps it elsewhere.
   */
  public boolean mayBeMapped(VmcoreInfo info, long vaddr, long paddr) {
    return true;
  }

  /** The same, where VMCOREINFO tells for certain where image and direct map are. */
  final boolean isMappedInARow(VmcoreInfo info, long vaddr, long paddr) {
    Optional<DirectMap> direct = directMap(info);
    OptionalLong inImage = imagePaddr(info, vaddr);
    boolean isDirect = direct.isPresent() && direct.get().vaddr(paddr) == vaddr;
    boolean isImage = inImage.isPresent() && inImage.getAsLong() == paddr;
    return isDirect || isImage || direct.isEmpty() || inImage.isEmpty();
  }

  // The direct map.

  /** The direct map, as far as VMCOREINFO tells of it and without KASLR. */
  public Optional<DirectMap> directMap(VmcoreInfo info) {
    return Optional.empty();
  }

  /** Whether the direct map begins with RAM, and VMCOREINFO doesn't tell where that is. */
  public boolean isDirectMapAtRam() {
    return false;
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
