package org.vmcore.arch;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.paging.Paging;
import org.vmcore.arch.paging.X86Paging;
import org.vmcore.elf.Note;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.bytes.PrStatusLayout;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;

/**
 * x86_64.
 *
 * <p>Sources: Linux' {@code struct user_regs_struct} of asm/user_64.h; {@code __phys_addr} of
 * arch/x86/mm/physaddr.c; {@code phys_base} and {@code sme_mask} of
 * arch/x86/kernel/vmcore_info_64.c.
 */
public final class X86_64 extends PreparedArchitecture {
  /** The one of its kind. */
  public static final PreparedArchitecture INSTANCE = new X86_64();

  /** __START_KERNEL_map: where the image lies from, wherever KASLR puts it. */
  private static final long START_KERNEL_MAP = 0xffff_ffff_8000_0000L;

  /** KERNEL_IMAGE_SIZE: how many bytes there are for the image with KASLR. */
  private static final long KERNEL_IMAGE_SIZE = 1L << 30;

  /** Kernels before 4.10, which tell no phys_base, lie below it. */
  private static final long UNKNOWN_IMAGE_END = 1L << 30;

  /** Bit 12 of CR4, LA57: page tables have 5 levels. */
  private static final long LA57 = 1L << 12;

  private static final long PAGE = 4096;

  /** Registers that hold addresses which a running kernel has mapped. */
  private static final List<String> ADDRESSES =
      List.of("rip", "rsp", "gs_base", "kernel_gs_base", "idt_base", "gdt_base");

  private X86_64() {
    super(Machine.X86_64, Long.SIZE);
  }

  @Override
  List<String> ownKeys() {
    return List.of(
        "NUMBER(phys_base)",
        "NUMBER(pgtable_l5_enabled)",
        "NUMBER(sme_mask)",
        "SYMBOL(init_top_pgt)",
        "SYMBOL(init_level4_pgt)",
        "SYMBOL(phys_base)");
  }

  @Override
  public PrStatusLayout prStatus() {
    return PrStatusLayout.of(Long.SIZE)
        .with("r15", "r14", "r13", "r12", "rbp", "rbx", "r11", "r10", "r9", "r8", "rax", "rcx")
        .with("rdx", "rsi", "rdi", "orig_rax", "rip", "cs", "eflags", "rsp", "ss", "fs_base")
        .with("gs_base", "ds", "es", "fs", "gs")
        .pointer("rip");
  }

  /** Those up to {@code ss}. */
  @Override
  public List<String> ptRegs() {
    List<String> names = super.ptRegs();
    return names.subList(0, names.indexOf("ss") + 1);
  }

  @Override
  public List<Integer> sectionBits() {
    return List.of(27);
  }

  @Override
  public List<Paging> layouts(Optional<VmcoreInfo> info, ByteOrder order) {
    long sme = smeMask(info);
    int likely = number(info, "pgtable_l5_enabled") == 1 ? 5 : 4;
    List<Paging> layouts = new ArrayList<>();
    layouts.add(new X86Paging(likely, sme));
    layouts.add(new X86Paging(9 - likely, sme));
    if (sme != 0) {
      layouts.add(new X86Paging(likely, 0));
      layouts.add(new X86Paging(9 - likely, 0));
    }
    return layouts;
  }

  /** NUMBER(sme_mask); 0 when there is none, or it isn't one bit of high addresses. */
  private static long smeMask(Optional<VmcoreInfo> info) {
    long mask = number(info, "sme_mask");
    return Long.bitCount(mask) == 1 && mask >>> 32 != 0 && mask >>> 52 == 0 ? mask : 0;
  }

  private static long number(Optional<VmcoreInfo> info, String name) {
    return info.isEmpty() ? 0 : info.get().number(name).orElse(0);
  }

  /** By QEMU's note; one that is too short to hold the registers tells nothing. */
  @Override
  public Optional<CpuRoot> root(Note note) throws VmcoreException {
    return CpuRoot.ofQemu(note, ADDRESSES, value -> value < 0, cr4 -> (cr4 & LA57) != 0 ? 5 : 4);
  }

  /**
   * With page-table isolation CR3 may hold the user's half of a pair, which maps little of the
   * kernel: the kernel's lies before it.
   */
  @Override
  public List<Long> roots(CpuRoot cpu, Optional<VmcoreInfo> info) {
    long cr3 = cpu.register() & ~smeMask(info);
    return List.of(cr3 & ~PAGE, cr3);
  }

  @Override
  public Optional<AddressRange> imageSpace() {
    return Optional.of(AddressRange.ofSize(START_KERNEL_MAP, KERNEL_IMAGE_SIZE));
  }

  @Override
  public OptionalLong imagePaddr(VmcoreInfo info, long vaddr) {
    OptionalLong base = info.number("phys_base");
    return base.isEmpty() ? base : OptionalLong.of(base.getAsLong() + (vaddr - START_KERNEL_MAP));
  }

  @Override
  public long unknownImageEnd() {
    return UNKNOWN_IMAGE_END;
  }

  /**
   * Where the direct map begins without KASLR; NUMBER(pgtable_l5_enabled) says how many levels the
   * page tables have. With KASLR it is above that.
   */
  @Override
  public Optional<DirectMap> directMap(VmcoreInfo info) {
    boolean fiveLevels = info.number("pgtable_l5_enabled").orElse(0) == 1;
    return Optional.of(DirectMap.at(fiveLevels ? 0xff11_0000_0000_0000L : 0xffff_8880_0000_0000L));
  }

  @Override
  public boolean isDirectMapRandom() {
    return true;
  }

  @Override
  public boolean hasPhysOffset() {
    return false;
  }

  @Override
  public OptionalLong elfcorehdrIn(AddressRange region, long size) {
    return OptionalLong.of(region.start());
  }

  @Override
  public boolean isFirstMibExcluded() {
    return true;
  }

  @Override
  public ExceptionPath exceptionPath() {
    return ExceptionPath.of(
        """
          die_addr __die_body __die_header page_fault_oops kernelmode_fixup_or_oops
          __bad_area_nosemaphore bad_area_nosemaphore do_user_addr_fault
          do_kern_addr_fault exc_page_fault handle_page_fault page_fault do_error_trap
          handle_invalid_op handle_bug fixup_bug doublefault_shim""",
        """
          do_syscall_64 do_syscall_x64 do_int80_syscall_32 do_int80_emulation
          __do_fast_syscall_32 do_fast_syscall_32 do_SYSENTER_32 x64_sys_call
          common_interrupt __common_interrupt apic_timer_interrupt ret_from_intr
          end_repeat_nmi nmi default_do_nmi do_nmi nmi_restore common_startup_64
          secondary_startup_64 secondary_startup_64_no_verify""");
  }
}
