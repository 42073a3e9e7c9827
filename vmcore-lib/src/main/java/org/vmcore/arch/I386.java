package org.vmcore.arch;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.paging.I386Paging;
import org.vmcore.arch.paging.PaePaging;
import org.vmcore.arch.paging.Paging;
import org.vmcore.elf.Note;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.bytes.PrStatusLayout;
import org.vmcore.memory.VmcoreException;

/**
 * i386: x86 with words of 32 bits.
 *
 * <p>Sources: Linux' {@code struct user_regs_struct} of asm/user_32.h; {@code CONFIG_X86_PAE} of
 * arch/x86/kernel/vmcore_info_32.c; VMSPLIT of arch/x86/Kconfig, VMALLOC_RESERVE of
 * arch/x86/mm/init_32.c, KERNEL_IMAGE_SIZE of asm/page_32_types.h.
 */
public final class I386 extends Architecture {
  /** The one of its kind. */
  public static final Architecture INSTANCE = new I386();

  private static final String PAE = "CONFIG_X86_PAE";

  /** PAGE_OFFSET with each VMSPLIT. */
  private static final Splits SPLITS =
      new Splits(0xc000_0000L, 0xb000_0000L, 0x8000_0000L, 0x7800_0000L, 0x4000_0000L);

  /**
   * Where KASLR puts the image: in the first 512 MiB of the direct map, and it may begin behind.
   */
  private static final long IMAGE_SPACE = 1L << 30;

  private static final long LOWMEM_END = 0xf780_0000L;

  private static final long PAGE = 4096;

  /** Bit 5 of CR4, PAE. */
  private static final long CR4_PAE = 1L << 5;

  /** Registers that hold addresses which a running kernel has mapped. */
  private static final List<String> ADDRESSES = List.of("rip", "rsp", "idt_base", "gdt_base");

  private I386() {
    super(Machine.I386, Integer.SIZE);
  }

  @Override
  List<String> ownKeys() {
    return List.of(PAE);
  }

  @Override
  public List<Paging> layouts(Optional<VmcoreInfo> info, ByteOrder order) {
    long start = SPLITS.likely(text(info), IMAGE_SPACE);
    Paging plain = new I386Paging(start);
    Paging pae = new PaePaging(start);
    return info.isPresent() && isOf(info.get()) ? List.of(pae, plain) : List.of(plain, pae);
  }

  private static OptionalLong text(Optional<VmcoreInfo> info) {
    return info.isEmpty() ? OptionalLong.empty() : info.get().symbol("_stext");
  }

  @Override
  public Optional<CpuRoot> root(Note note) throws VmcoreException {
    return CpuRoot.ofQemu(
        note, ADDRESSES, this::isKernelSpace, cr4 -> (cr4 & CR4_PAE) != 0 ? 3 : 2);
  }

  /**
   * With page-table isolation CR3 may hold the user's half of a pair: the kernel's is before it.
   */
  @Override
  public List<Long> roots(CpuRoot cpu, Optional<VmcoreInfo> info) {
    return List.of(cpu.register() & ~PAGE, cpu.register());
  }

  /** The image is part of the direct map, wherever KASLR moves it. */
  @Override
  public OptionalLong imagePaddr(VmcoreInfo info, long vaddr) {
    OptionalLong text = info.symbol("_stext");
    return text.isEmpty() || SPLITS.of(text, IMAGE_SPACE).isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(vaddr - SPLITS.likely(text, IMAGE_SPACE));
  }

  /**
   * VMCOREINFO tells neither PAGE_OFFSET nor how far KASLR moved the image. vmalloc begins lower
   * only where the command line says so.
   */
  @Override
  public List<List<LinearMap>> linearChoices(VmcoreInfo info, long ram) {
    List<List<LinearMap>> choices = new ArrayList<>();
    for (long start : SPLITS.of(info.symbol("_stext"), IMAGE_SPACE)) {
      choices.add(List.of(LinearMap.direct(start, LOWMEM_END, 0)));
    }
    return choices;
  }

  @Override
  public List<LinearMap> linearMaps(VmcoreInfo info, long ram) {
    List<List<LinearMap>> choices = linearChoices(info, ram);
    return choices.isEmpty() ? List.of() : choices.getFirst();
  }

  @Override
  public boolean isKernelSpace(long vaddr) {
    return SPLITS.isKernelSpace(vaddr);
  }

  @Override
  public PrStatusLayout prStatus() {
    return PrStatusLayout.of(Integer.SIZE)
        .with("ebx", "ecx", "edx", "esi", "edi", "ebp", "eax", "ds", "es", "fs", "gs", "orig_eax")
        .with("eip", "cs", "eflags", "esp", "ss")
        .pointer("eip");
  }
}
