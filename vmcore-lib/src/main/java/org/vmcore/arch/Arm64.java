package org.vmcore.arch;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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
        "NUMBER(KERNELPACMASK)",
        "NUMBER(PHYS_OFFSET)");
  }

  @Override
  public PrStatusLayout prStatus() {
    return PrStatusLayout.of(Long.SIZE)
        .withNumbered("x", 31)
        .with("sp", "pc", "pstate")
        .pointer("pc");
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
