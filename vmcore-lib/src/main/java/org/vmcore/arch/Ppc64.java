package org.vmcore.arch;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.frames.CpuStack;
import org.vmcore.arch.frames.CpuStack.Bound;
import org.vmcore.arch.frames.CpuStack.Source;
import org.vmcore.arch.frames.Encoding;
import org.vmcore.arch.frames.Exceptions;
import org.vmcore.arch.frames.Exceptions.Marker;
import org.vmcore.arch.frames.FrameChain;
import org.vmcore.arch.frames.FrameChain.Links;
import org.vmcore.arch.frames.FrameChain.Names;
import org.vmcore.arch.frames.FrameCode;
import org.vmcore.arch.frames.FrameCode.Effect;
import org.vmcore.arch.frames.Place;
import org.vmcore.arch.frames.SleepingTask;
import org.vmcore.arch.frames.UserMode;
import org.vmcore.arch.paging.Paging;
import org.vmcore.arch.paging.Ppc64Paging;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.bytes.PrStatusLayout;
import org.vmcore.fdt.DeviceTree;
import org.vmcore.fdt.FirmwareNodes;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;

/**
 * ppc64, of either byte order.
 *
 * <p>Sources: Linux' {@code struct user_pt_regs} of arch/powerpc/include/uapi/asm/ptrace.h; {@code
 * mmu_vmemmap_psize} and {@code RADIX_MMU} of arch/powerpc/kexec/vmcore_info.c; {@code __va} of
 * arch/powerpc/include/asm/page.h; asm/book3s/64/radix.h and hash-4k.h.
 */
public final class Ppc64 extends PreparedArchitecture {
  /** The one of its kind. */
  public static final PreparedArchitecture INSTANCE = new Ppc64();

  private static final long PAGE_OFFSET = 0xc000_0000_0000_0000L;
  private static final String RADIX = "RADIX_MMU";
  private static final int PAGE_4K = 12;
  private static final int PAGE_64K = 16;
  private static final long VMALLOC = 0xc000_1000_0000_0000L;

  /** Where a frame has the return address that a callee saved. */
  private static final long LR_SAVE = 16;

  /** Of msr: user space. */
  private static final long MSR_PR = 1 << 14;

  /** STACK_FRAME_REGS_MARKER, "regshere"; since 6.3 "REGS", of either byte order. */
  private static final long[] REGS_MARKERS = {0x7265_6773_6865_7265L, 0x5245_4753L, 0x5347_4552L};

  /**
   * Where the marker stands, and where struct pt_regs begins: since 6.2 of ABI 2 and of ABI 1,
   * before of both.
   */
  private static final long[][] REGS = {{32, 48}, {112, 128}, {96, 112}};

  private static final List<String> ENDS =
      List.of(
          "ret_from_fork",
          "ret_from_fork_scv",
          "ret_from_kernel_thread",
          "ret_from_kernel_user_thread",
          "start_kernel_thread");

  private Ppc64() {
    super(Machine.PPC64, Long.SIZE);
  }

  @Override
  List<String> ownKeys() {
    return List.of(
        "NUMBER(RADIX_MMU)",
        "SYMBOL(cur_cpu_spec)",
        "SYMBOL(vmemmap_list)",
        "SYMBOL(mmu_psize_defs)");
  }

  /** PAGESIZE tells the likely one of the radix tree's; a kernel without it has hash tables. */
  @Override
  public List<Paging> layouts(Optional<VmcoreInfo> info, ByteOrder order) {
    if (isRadix(info).orElse(1) == 0) {
      return List.of();
    }
    long page = info.isPresent() ? info.get().pageSize().orElse(0) : 0;
    Paging small = new Ppc64Paging(PAGE_4K);
    Paging large = new Ppc64Paging(PAGE_64K);
    return page == small.pageSize() ? List.of(small, large) : List.of(large, small);
  }

  private static OptionalLong isRadix(Optional<VmcoreInfo> info) {
    return info.isPresent() ? info.get().number(RADIX) : OptionalLong.empty();
  }

  @Override
  public String withoutTables(Optional<VmcoreInfo> info) {
    OptionalLong isRadix = isRadix(info);
    if (isRadix.isEmpty()) {
      return "it may have hash page tables, which can't be read";
    }
    return isRadix.getAsLong() == 0
        ? "it has hash page tables (VMCOREINFO's NUMBER(RADIX_MMU)), which can't be read"
        : "";
  }

  /** The image is a part of the direct map. */
  @Override
  public OptionalLong imagePaddr(VmcoreInfo info, long vaddr) {
    return Long.compareUnsigned(vaddr - PAGE_OFFSET, end(info) - PAGE_OFFSET) < 0
        ? OptionalLong.of(vaddr - PAGE_OFFSET)
        : OptionalLong.empty();
  }

  @Override
  public Optional<DirectMap> directMap(VmcoreInfo info) {
    return Optional.of(DirectMap.at(PAGE_OFFSET));
  }

  @Override
  public List<LinearMap> linearMaps(VmcoreInfo info, long ram) {
    return List.of(LinearMap.direct(PAGE_OFFSET, end(info), 0));
  }

  /** Up to vmalloc, which lies lowest with pages of 4 KiB and hash tables. */
  private static long end(VmcoreInfo info) {
    long vmalloc = info.number("VMALLOC_START").orElse(VMALLOC);
    return Long.compareUnsigned(vmalloc, PAGE_OFFSET) > 0 ? vmalloc : VMALLOC;
  }

  /** Linux' arch/powerpc/include/asm/sparsemem.h. */
  @Override
  public List<Integer> sectionBits() {
    return List.of(24);
  }

  /** FORMATS.md, 213 to 215. */
  @Override
  public Optional<FrameChain> frameChain() {
    return Optional.of(
        new FrameChain(
            new Names("nip", "gpr1", "gpr1", "link", Optional.empty()),
            Links.backChain(Place.at(0), Place.at(LR_SAVE)),
            SleepingTask.at("thread.ksp").inSwitchFrame(),
            new UserMode("msr", MSR_PR, true),
            Exceptions.marked(markers(), ENDS),
            ptRegs(),
            Place.at(0),
            List.of(
                CpuStack.element("IRQ", "hardirq_ctx"),
                CpuStack.element("soft IRQ", "softirq_ctx"),
                CpuStack.element("critical", "critirq_ctx"),
                ofPaca("emergency", "emergency_sp"),
                ofPaca("NMI emergency", "nmi_emergency_sp"),
                ofPaca("machine check emergency", "mc_emergency_sp")),
            code()));
  }

  private static List<Marker> markers() {
    List<Marker> markers = new ArrayList<>();
    for (long value : REGS_MARKERS) {
      for (long[] regs : REGS) {
        markers.add(new Marker(value, regs[0], regs[1]));
      }
    }
    return List.copyOf(markers);
  }

  private static CpuStack ofPaca(String name, String member) {
    return CpuStack.member(
        name, Source.STRUCTURES_POINTER, "paca_ptrs", "paca_struct", member, Bound.END);
  }

  private static FrameCode code() {
    return FrameCode.of(Encoding.WORDS)
        .with(Effect.SAVES, 4, 0xffff_ffffL, 0xf801_0010L) // std r0, 16(r1)
        .with(Effect.MAKES, 4, 0xffff_0003L, 0xf821_0001L) // stdu r1, …(r1)
        .with(Effect.MAKES, 4, 0xffff_07ffL, 0x7c21_016aL) // stdux r1, r1, …
        .with(Effect.DROPS, 4, 0xffff_0000L, 0x3821_0000L) // addi r1, r1, …
        .with(Effect.DROPS, 4, 0xffff_ffffL, 0xe821_0000L) // ld r1, 0(r1)
        .with(Effect.LOADS, 4, 0xfc1f_ffffL, 0x7c08_03a6L) // mtlr
        .with(Effect.LEAVES, 4, 0xffff_ffffL, 0x4e80_0020L) // blr
        .with(Effect.LEAVES, 4, 0xffff_ffffL, 0x4e80_0420L) // bctr
        .with(Effect.LEAVES, 4, 0xfc00_0003L, 0x4800_0000L) // b
        .call(4, 0xfc00_0003L, 0x4800_0001L, Ppc64::target) // bl
        .indirectCall(4, 0xffff_ffffL, 0x4e80_0421L) // bctrl
        .indirectCall(4, 0xffff_ffffL, 0x4e80_0021L); // blrl
  }

  private static long target(long address, long call) {
    return address + ((int) call << 6 >> 6 & -4);
  }

  @Override
  public PrStatusLayout prStatus() {
    return PrStatusLayout.of(Long.SIZE)
        .withNumbered("gpr", 32)
        .with("nip", "msr", "orig_gpr3", "ctr", "link", "xer", "ccr", "softe", "trap", "dar")
        .with("dsisr", "result")
        .unused(4)
        .pointer("nip");
  }

  /** Behind the crash kernel, and whatever else there is room for. */
  @Override
  public OptionalLong elfcorehdrIn(AddressRange region, long size) {
    return OptionalLong.empty();
  }

  @Override
  public boolean isImageDescribed() {
    return false;
  }

  /** BACKUP_SRC_START to BACKUP_SRC_END: the crash kernel's exception vectors lie there, too. */
  @Override
  public Optional<AddressRange> backedUp() {
    return Optional.of(AddressRange.ofSize(0, 64 << 10));
  }

  @Override
  public boolean isFirmwareDescribed() {
    return true;
  }

  @Override
  public List<AddressRange> firmware(String file, DeviceTree tree) throws VmcoreException {
    return FirmwareNodes.memory(file, tree);
  }

  @Override
  public ExceptionPath exceptionPath() {
    return ExceptionPath.of(
        """
          crash_fadump default_machine_kexec bad_page_fault __bad_page_fault
          do_bad_page_fault_segv ___do_page_fault __do_page_fault hash__do_page_fault
          do_break _exception _exception_pkey program_check_exception do_program_check
          alignment_exception data_access_common data_access_common_virt
          instruction_access_common instruction_access_common_virt program_check_common
          program_check_common_virt alignment_common alignment_common_virt""",
        """
          system_call_exception system_call_common system_call_vectored_common
          timer_interrupt decrementer_common decrementer_common_virt
          doorbell_super_common_virt hardware_interrupt_common
          hardware_interrupt_common_virt __do_irq __do_IRQ call_do_irq call_do_softirq
          start_kernel_thread start_secondary_prolog start_here_common""");
  }
}
