package org.vmcore.arch;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.frames.CpuStack;
import org.vmcore.arch.frames.Encoding;
import org.vmcore.arch.frames.Exceptions;
import org.vmcore.arch.frames.Exceptions.Embedded;
import org.vmcore.arch.frames.FrameChain;
import org.vmcore.arch.frames.FrameChain.Links;
import org.vmcore.arch.frames.FrameChain.Names;
import org.vmcore.arch.frames.FrameCode;
import org.vmcore.arch.frames.FrameCode.Effect;
import org.vmcore.arch.frames.Place;
import org.vmcore.arch.frames.SleepingTask;
import org.vmcore.arch.frames.UserMode;
import org.vmcore.arch.paging.Arm64Paging;
import org.vmcore.arch.paging.Paging;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.bytes.PrStatusLayout;
import org.vmcore.memory.AddressRange;

/**
 * arm64.
 *
 * <p>Sources: Linux' {@code struct user_pt_regs} of asm/ptrace.h; {@code __kimage_to_phys} of
 * asm/memory.h, and the image, which begins at a multiple of 2 MiB, _stext lying a little behind;
 * {@code kimage_voffset} of arch/arm64/kernel/vmcore_info.c.
 */
public final class Arm64 extends DeviceTreeArchitecture {
  /** The one of its kind. */
  public static final PreparedArchitecture INSTANCE = new Arm64();

  private static final long IMAGE_ALIGNMENT = 2L << 20;
  private static final long OVERFLOW_STACK = 4096;
  private static final String PAC_MASK = "KERNELPACMASK";

  /** Of pstate: the exception level, which is 0 in user space. */
  private static final long PSR_MODE_MASK = 0xf;

  /** OFFSET(pt_regs.stackframe) where no type tells it. */
  private static final long STACKFRAME = 304;

  /** struct frame_record_meta, since 6.13: its type, and FRAME_META_TYPE_PT_REGS. */
  private static final long META_TYPE = 16;

  private static final long META_TYPE_PT_REGS = 2;

  /** What {@code cpu_switch_to} saves, and its link register as {@code pc}. */
  private static final String CONTEXT = "thread.cpu_context.";

  private static final int FIRST_SAVED = 19;
  private static final int LAST_SAVED = 28;

  /** Page shifts, each with the sizes of address that Linux can be built for. */
  private static final int[][] LAYOUTS = {{12, 48, 52, 39}, {16, 52, 48, 42}, {14, 47, 48, 52, 36}};

  private Arm64() {
    super(Machine.ARM64, Long.SIZE);
  }

  @Override
  List<String> ownKeys() {
    return List.of(
        "NUMBER(kimage_voffset)",
        "NUMBER(TCR_EL1_T1SZ)",
        "NUMBER(tcr_el1_t1sz)",
        "NUMBER(" + PAC_MASK + ")",
        "NUMBER(PHYS_OFFSET)");
  }

  @Override
  public PrStatusLayout prStatus() {
    return PrStatusLayout.of(Long.SIZE)
        .withNumbered("x", 31)
        .with("sp", "pc", "pstate")
        .pointer("pc");
  }

  /** FORMATS.md, 90 to 94. */
  @Override
  public Optional<FrameChain> frameChain() {
    return Optional.of(
        new FrameChain(
            new Names("pc", "sp", "x29", "x30", Optional.empty()),
            Links.record(Long.BYTES, PAC_MASK),
            sleeping(),
            new UserMode("pstate", PSR_MODE_MASK, false),
            Exceptions.around(
                new Embedded(
                    Place.of("pt_regs", "stackframe", 0, STACKFRAME),
                    META_TYPE,
                    META_TYPE_PT_REGS)),
            ptRegs(),
            Place.at(0),
            List.of(
                CpuStack.pointer("IRQ", "irq_stack_ptr"),
                CpuStack.perCpu("overflow", "overflow_stack", OVERFLOW_STACK),
                CpuStack.pointer("SDEI", "sdei_stack_normal_ptr"),
                CpuStack.pointer("critical SDEI", "sdei_stack_critical_ptr")),
            code()));
  }

  private static SleepingTask sleeping() {
    SleepingTask task = SleepingTask.at(CONTEXT + "sp");
    for (int i = FIRST_SAVED; i <= LAST_SAVED; i++) {
      task = task.with("x" + i, CONTEXT + "x" + i);
    }
    return task.with("x29", CONTEXT + "fp")
        .with("x30", CONTEXT + "pc")
        .with("sp", CONTEXT + "sp")
        .with("pc", CONTEXT + "pc");
  }

  /** Both words of a record are saved and loaded at once (Arm Architecture Manual, C6). */
  private static FrameCode code() {
    return FrameCode.of(Encoding.LITTLE_WORDS)
        .with(Effect.MAKES, 4, 0xff80_03ffL, 0x9100_03fdL) // mov x29, sp; add x29, sp, …
        .with(Effect.SAVES, 4, 0xff80_03ffL, 0x9100_03fdL)
        .with(Effect.DROPS, 4, 0xfe40_7fffL, 0xa840_7bfdL) // ldp x29, x30, [sp…]
        .with(Effect.LOADS, 4, 0xfe40_7fffL, 0xa840_7bfdL)
        .with(Effect.LEAVES, 4, 0xffff_fc1fL, 0xd65f_0000L) // ret
        .with(Effect.LEAVES, 4, 0xffff_fbffL, 0xd65f_0bffL) // retaa, retab
        .with(Effect.LEAVES, 4, 0xfc00_0000L, 0x1400_0000L) // b
        .with(Effect.LEAVES, 4, 0xffff_fc1fL, 0xd61f_0000L) // br
        .call(4, 0xfc00_0000L, 0x9400_0000L, Arm64::target) // bl
        .indirectCall(4, 0xfeff_f000L, 0xd63f_0000L); // blr, blraa, …
  }

  /** Of {@code bl}, whose 26 bits count instructions. */
  private static long target(long address, long call) {
    return address + ((long) ((int) call << 6) >> 4);
  }

  @Override
  public List<Integer> sectionBits() {
    return List.of(30, 27, 29);
  }

  @Override
  public List<Paging> layouts(Optional<VmcoreInfo> info, ByteOrder order) {
    List<Paging> layouts = new ArrayList<>();
    if (info.isPresent()) {
      addOwn(layouts, info.get(), order);
    }
    for (int[] pages : LAYOUTS) {
      for (int i = 1; i < pages.length; i++) {
        layouts.add(new Arm64Paging(pages[0], pages[i], pages[i], order));
      }
    }
    return layouts;
  }

  /** Adds the layout of which {@code info} tells, where there is such a one. */
  private static void addOwn(List<Paging> layouts, VmcoreInfo info, ByteOrder order) {
    long pageSize = info.pageSize().orElse(0);
    int shift = Long.bitCount(pageSize) == 1 ? Long.numberOfTrailingZeros(pageSize) : 0;
    long configured = info.number("VA_BITS").orElse(0);
    long bits = 64 - info.number("TCR_EL1_T1SZ").orElse(64 - configured);
    if (Arm64Paging.isPossible(shift, configured) && Arm64Paging.isPossible(shift, bits)) {
      int physical = (int) info.number("MAX_PHYSMEM_BITS").orElse(configured);
      layouts.add(new Arm64Paging(shift, (int) configured, (int) bits, physical, order));
    }
  }

  @Override
  public Optional<AddressRange> imageSpace() {
    return Optional.empty();
  }

  @Override
  public OptionalLong imageVaddr(VmcoreInfo info) {
    OptionalLong stext = info.symbol("_stext");
    return stext.isEmpty() ? stext : OptionalLong.of(stext.getAsLong() & -IMAGE_ALIGNMENT);
  }

  @Override
  public OptionalLong imagePaddr(VmcoreInfo info, long vaddr) {
    OptionalLong offset = info.number("kimage_voffset");
    return offset.isEmpty() ? offset : OptionalLong.of(vaddr - offset.getAsLong());
  }

  /** That of a kernel since 5.4, which tells NUMBER(VA_BITS) and NUMBER(PHYS_OFFSET). */
  @Override
  public Optional<DirectMap> directMap(VmcoreInfo info) {
    OptionalLong bits = info.number("VA_BITS");
    OptionalLong offset = info.number("PHYS_OFFSET");
    if (offset.isEmpty() || bits.isEmpty() || bits.getAsLong() < 36 || bits.getAsLong() > 52) {
      return Optional.empty();
    }
    return Optional.of(new DirectMap(-1L << bits.getAsLong(), offset.getAsLong()));
  }

  /** KASLR moves PHYS_OFFSET instead. */
  @Override
  public boolean isDirectMapRandom() {
    return false;
  }

  @Override
  public boolean hasPhysOffset() {
    return true;
  }

  @Override
  public ExceptionPath exceptionPath() {
    return ExceptionPath.of(
        """
          do_mem_abort do_translation_fault __do_kernel_fault do_bad_area
          arm64_notify_die call_break_hook do_debug_exception do_el1_brk64 brk_handler
          do_sp_pc_abort handle_bad_stack panic_bad_stack mem_abort el1_abort el1_dbg
          el1_brk64 el1_bti el1_undef el1h_64_sync el1h_64_sync_handler""",
        """
          invoke_syscall el0_svc_common do_el0_svc el0_svc do_interrupt_handler
          gic_handle_irq do_handle_IPI ipi_handler secondary_start_kernel
          __secondary_switched""");
  }
}
