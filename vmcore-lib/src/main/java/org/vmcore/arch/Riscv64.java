package org.vmcore.arch;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.frames.CpuStack;
import org.vmcore.arch.frames.Encoding;
import org.vmcore.arch.frames.Exceptions;
import org.vmcore.arch.frames.FrameChain;
import org.vmcore.arch.frames.FrameChain.Links;
import org.vmcore.arch.frames.FrameChain.Names;
import org.vmcore.arch.frames.FrameCode;
import org.vmcore.arch.frames.FrameCode.Effect;
import org.vmcore.arch.frames.Place;
import org.vmcore.arch.frames.SleepingTask;
import org.vmcore.arch.frames.UserMode;
import org.vmcore.arch.paging.Paging;
import org.vmcore.arch.paging.Riscv64Paging;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.bytes.PrStatusLayout;

/**
 * riscv64.
 *
 * <p>Sources: Linux' {@code struct user_regs_struct} of arch/riscv/include/uapi/asm/ptrace.h;
 * {@code phys_ram_base} and {@code va_kernel_pa_offset} of arch/riscv/kernel/vmcore_info.c; {@code
 * __va_to_pa_nodebug} of arch/riscv/include/asm/page.h; Documentation/arch/riscv/vm-layout.rst.
 */
public final class Riscv64 extends DeviceTreeArchitecture {
  /** The one of its kind. */
  public static final PreparedArchitecture INSTANCE = new Riscv64();

  /** Where the image is linked to: the last 2 GiB. */
  private static final long LINK_ADDR = 0xffff_ffff_8000_0000L;

  /** Modules lie in the 2 GiB before the image's end. */
  private static final long MODULES = 0xffff_ffff_0000_0000L;

  private static final long PAGE = 4096;
  private static final int LEAST_LEVELS = 3;
  private static final int MOST_LEVELS = 5;

  /** Of sstatus: an exception came from the kernel. */
  private static final long SR_SPP = 0x100;

  /** How many registers of the name s… a task keeps. */
  private static final int SAVED = 12;

  /** What starts a task, the kernel and a CPU: with whatever their register has. */
  private static final List<String> ENDS =
      List.of(
          "ret_from_fork",
          "ret_from_fork_kernel_asm",
          "ret_from_fork_user_asm",
          "ret_from_kernel_thread",
          "_start_kernel",
          "secondary_start_sbi");

  private Riscv64() {
    super(Machine.RISCV, Long.SIZE);
  }

  @Override
  List<String> ownKeys() {
    return List.of(
        "NUMBER(phys_ram_base)", "NUMBER(va_kernel_pa_offset)", "NUMBER(KERNEL_LINK_ADDR)");
  }

  /** NUMBER(VA_BITS) tells the levels, those that the CPU runs with. */
  @Override
  public List<Paging> layouts(Optional<VmcoreInfo> info, ByteOrder order) {
    long bits = info.isPresent() ? info.get().number("VA_BITS").orElse(0) : 0;
    List<Paging> layouts = new ArrayList<>();
    for (int levels = LEAST_LEVELS; levels <= MOST_LEVELS; levels++) {
      Paging layout = new Riscv64Paging(levels);
      layouts.add(layout.addressBits() == bits ? 0 : layouts.size(), layout);
    }
    return layouts;
  }

  /** Physical = virtual − va_kernel_pa_offset; before 6.4 RAM begins with the image. */
  @Override
  public OptionalLong imagePaddr(VmcoreInfo info, long vaddr) {
    OptionalLong offset = info.number("va_kernel_pa_offset");
    if (offset.isPresent()) {
      return OptionalLong.of(vaddr - offset.getAsLong());
    }
    OptionalLong link = info.number("KERNEL_LINK_ADDR");
    OptionalLong ram = info.number("phys_ram_base");
    return link.isEmpty() || ram.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(vaddr - link.getAsLong() + ram.getAsLong());
  }

  @Override
  public Optional<DirectMap> directMap(VmcoreInfo info) {
    OptionalLong start = info.number("PAGE_OFFSET");
    OptionalLong ram = info.number("phys_ram_base");
    return start.isEmpty() || ram.isEmpty()
        ? Optional.empty()
        : Optional.of(new DirectMap(start.getAsLong(), ram.getAsLong()));
  }

  @Override
  public boolean hasPhysOffset() {
    return true;
  }

  /** The direct map ends with the last 4 GiB, which are those of modules and the image. */
  @Override
  public List<LinearMap> linearMaps(VmcoreInfo info, long ram) {
    List<LinearMap> maps = new ArrayList<>();
    long link = info.number("KERNEL_LINK_ADDR").orElse(LINK_ADDR);
    long start = info.symbol("_stext").orElse(link) & -IMAGE_ALIGNMENT;
    OptionalLong image = imagePaddr(info, start);
    if (image.isPresent() && start < 0) {
      maps.add(LinearMap.image(start, start + imageReach(info, start), image.getAsLong()));
    }
    Optional<DirectMap> direct = directMap(info);
    if (direct.isPresent() && direct.get().pageOffset() < MODULES) {
      DirectMap its = direct.get();
      maps.add(LinearMap.direct(its.pageOffset(), MODULES, its.physOffset()));
    }
    return maps;
  }

  /** kexec-tools 2.0.32 takes another address for the direct map's. */
  @Override
  public boolean mayBeMapped(VmcoreInfo info, long vaddr, long paddr) {
    return isMappedInARow(info, vaddr, paddr);
  }

  @Override
  public boolean isKernelSpace(long vaddr) {
    return vaddr < 0;
  }

  /** Those of user space, and what of the CPU's mode and of the exception the kernel keeps. */
  @Override
  public List<String> ptRegs() {
    List<String> names = new ArrayList<>(super.ptRegs());
    names.addAll(List.of("status", "badaddr", "cause", "orig_a0"));
    return List.copyOf(names);
  }

  /** Linux' arch/riscv/include/asm/sparsemem.h. */
  @Override
  public List<Integer> sectionBits() {
    return List.of(27);
  }

  /** FORMATS.md, 210 to 212. */
  @Override
  public Optional<FrameChain> frameChain() {
    return Optional.of(
        new FrameChain(
            new Names("pc", "sp", "s0", "ra", Optional.of("tp")),
            Links.atEnd(-16, -8, -8),
            sleeping(),
            new UserMode("status", SR_SPP, false),
            Exceptions.handledBy(List.of("handle_exception", "ret_from_exception"), ENDS),
            ptRegs(),
            Place.at(0),
            List.of(
                CpuStack.pointer("IRQ", "irq_stack_ptr"),
                CpuStack.perCpu("overflow", "overflow_stack", PAGE)),
            code()));
  }

  private static SleepingTask sleeping() {
    SleepingTask task =
        SleepingTask.at("thread.sp").with("pc", "thread.ra").with("sp", "thread.sp");
    for (int i = 0; i < SAVED; i++) {
      task = task.with("s" + i, "thread.s[" + i + "]");
    }
    return task;
  }

  /** With the compressed form of each: those of a frame of more than 1 KiB aren't. */
  private static FrameCode code() {
    return FrameCode.of(Encoding.RISCV)
        .with(Effect.SAVES, 2, 0xe07f, 0xe006) // sd ra, …(sp)
        .with(Effect.SAVES, 4, 0x01ff_f07f, 0x0011_3023)
        .with(Effect.MAKES, 2, 0xe01f, 0x0000) // addi s0, sp, …
        .with(Effect.MAKES, 4, 0x000f_ffff, 0x0001_0413)
        .with(Effect.DROPS, 2, 0xef83, 0x6402) // ld s0, …(sp)
        .with(Effect.DROPS, 4, 0x000f_ffff, 0x0001_3403)
        .with(Effect.LOADS, 2, 0xef83, 0x6082) // ld ra, …(sp)
        .with(Effect.LOADS, 4, 0x000f_ffff, 0x0001_3083)
        .with(Effect.LEAVES, 2, 0xf07f, 0x8002) // jr
        .with(Effect.LEAVES, 4, 0x0000_7fff, 0x0067)
        .with(Effect.LEAVES, 2, 0xe003, 0xa001) // j
        .with(Effect.LEAVES, 4, 0x0fff, 0x006f)
        .call(8, 0x000f_ffff_0000_0fffL, 0x0000_80e7_0000_0097L, Riscv64::farTarget)
        .indirectCall(4, 0x7fff, 0x00e7) // jalr ra, …
        .call(4, 0x0fff, 0x00ef, Riscv64::nearTarget) // jal ra, …
        .noCall(2, 0xffff, 0x9002) // ebreak, as of BUG and WARN
        .indirectCall(2, 0xf07f, 0x9002); // jalr
  }

  /** Of {@code auipc ra, …} and behind it {@code jalr ra, …(ra)}. */
  private static long farTarget(long address, long call) {
    return address + ((int) call & 0xffff_f000) + ((int) (call >>> 32) >> 20);
  }

  /** Of {@code jal}, whose 21 bits are scattered. */
  private static long nearTarget(long address, long call) {
    int bits = (int) call;
    int offset =
        (bits >> 31) << 20 | (bits & 0xf_f000) | (bits >> 20 & 1) << 11 | (bits >> 21 & 0x3ff) << 1;
    return address + offset;
  }

  @Override
  public PrStatusLayout prStatus() {
    return PrStatusLayout.of(Long.SIZE)
        .with("pc", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1")
        .withNumbered("a", 8)
        .with("s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11")
        .with("t3", "t4", "t5", "t6")
        .pointer("pc");
  }

  @Override
  public ExceptionPath exceptionPath() {
    return ExceptionPath.of(
        """
          riscv_crash_save_regs do_trap_break do_trap_insn_illegal do_trap_insn_fault
          do_trap_load_fault do_trap_store_fault do_trap_unknown
          probe_single_step_handler probe_breakpoint_handler""",
        """
          handle_exception do_trap_ecall_u handle_riscv_irq riscv_intc_irq do_irq
          smp_callin _start_kernel""");
  }
}
