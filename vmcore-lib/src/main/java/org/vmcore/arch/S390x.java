package org.vmcore.arch;

import java.nio.ByteBuffer;
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
import org.vmcore.arch.frames.FrameChain;
import org.vmcore.arch.frames.FrameChain.Links;
import org.vmcore.arch.frames.FrameChain.Names;
import org.vmcore.arch.frames.FrameCode;
import org.vmcore.arch.frames.FrameCode.Effect;
import org.vmcore.arch.frames.Place;
import org.vmcore.arch.frames.SleepingTask;
import org.vmcore.arch.frames.UserMode;
import org.vmcore.arch.paging.Paging;
import org.vmcore.arch.paging.S390xPaging;
import org.vmcore.elf.Note;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.bytes.PrStatusLayout;
import org.vmcore.memory.VmcoreException;

/**
 * s390x.
 *
 * <p>Sources: Linux' {@code s390_regs} of arch/s390/include/uapi/asm/ptrace.h; {@code lowcore_ptr}
 * and {@code SAMODE31} of arch/s390/kernel/vmcore_info.c; {@code __pa} of
 * arch/s390/include/asm/page.h.
 */
public final class S390x extends Architecture {
  /** The one of its kind. */
  public static final Architecture INSTANCE = new S390x();

  private static final long VMCORE_INFO = 0xe0c;
  private static final int NT_S390_CTRS = 0x304;
  private static final int CONTROL_REGISTERS = 16;
  private static final int HOME_SPACE = 13;
  private static final int LINKAGE_STACK = 15;
  private static final long LINKAGE_ENTRY = -8;
  private static final long REAL_SPACE = 0x20;
  private static final long MAX_PHYSMEM_BITS = 46;
  private static final long MOST_BITS = 53;

  /** Of psw_mask: user space. */
  private static final long PSW_MASK_PSTATE = 0x0001_0000_0000_0000L;

  /** sizeof(struct stack_frame). */
  private static final long STACK_FRAME_OVERHEAD = 160;

  /** Where struct stack_frame has its members where no type tells. */
  private static final long BACK_CHAIN = 152;

  private static final long GPRS = 72;

  /** The registers that a callee saves. */
  private static final int FIRST_SAVED = 6;

  private static final int LAST_SAVED = 15;

  /** The one with the return address. */
  private static final int LINK = 14;

  private S390x() {
    super(Machine.S390, Long.SIZE);
  }

  @Override
  List<String> ownKeys() {
    return List.of("SYMBOL(lowcore_ptr)", "SAMODE31", "IDENTITYBASE");
  }

  @Override
  public List<Paging> layouts(Optional<VmcoreInfo> info, ByteOrder order) {
    return S390xPaging.all();
  }

  /**
   * By the address-space-control element of the home space, which is the kernel's whatever the CPU
   * ran; the linkage stack is at an address of it.
   */
  @Override
  public Optional<CpuRoot> root(Note note) throws VmcoreException {
    if (note.type() != NT_S390_CTRS || !note.name().equals("LINUX")) {
      return Optional.empty();
    }
    byte[] bytes = note.descriptor(CONTROL_REGISTERS * Long.BYTES);
    if (bytes.length < CONTROL_REGISTERS * Long.BYTES) {
      return Optional.empty();
    }
    ByteBuffer registers = ByteBuffer.wrap(bytes);
    long asce = registers.getLong(HOME_SPACE * Long.BYTES);
    long used = registers.getLong(LINKAGE_STACK * Long.BYTES) & LINKAGE_ENTRY;
    return asce == 0 || (asce & REAL_SPACE) != 0
        ? Optional.empty()
        : Optional.of(new CpuRoot(asce, S390xPaging.levels(asce), List.of(used)));
  }

  /** {@code vmcore_info} of the lowcore at absolute address 0 (FORMATS.md, 230). */
  @Override
  public Optional<InfoPointer> vmcoreInfoPointer() {
    return Optional.of(new InfoPointer(VMCORE_INFO, ByteOrder.BIG_ENDIAN));
  }

  @Override
  public OptionalLong imagePaddr(VmcoreInfo info, long vaddr) {
    for (LinearMap map : linearMaps(info, 0)) {
      if (map.contains(vaddr)) {
        return OptionalLong.of(map.physical(vaddr));
      }
    }
    return OptionalLong.empty();
  }

  @Override
  public boolean isIdentityMapped() {
    return true;
  }

  /**
   * Up to 6.9 all is mapped to its own address. Since then the direct map begins at IDENTITYBASE,
   * and the image is KERNELOFFSET − KERNELOFFPHYS away from its physical address; what is between
   * SAMODE31 and EAMODE31 still isn't.
   */
  @Override
  public List<LinearMap> linearMaps(VmcoreInfo info, long ram) {
    OptionalLong identity = hex(info, "IDENTITYBASE");
    OptionalLong physical = hex(info, "KERNELOFFPHYS");
    long offset = info.kernelOffset().orElse(0);
    if (identity.isEmpty() || physical.isEmpty()) {
      return List.of(LinearMap.direct(0, directEnd(info, 0), 0));
    }
    List<LinearMap> maps = new ArrayList<>();
    long low = hex(info, "SAMODE31").orElse(0);
    long lowEnd = hex(info, "EAMODE31").orElse(0);
    if (Long.compareUnsigned(low, lowEnd) < 0) {
      maps.add(LinearMap.image(low, lowEnd, low));
    }
    maps.add(LinearMap.image(offset, offset + imageReach(info, offset), physical.getAsLong()));
    maps.add(LinearMap.direct(identity.getAsLong(), directEnd(info, identity.getAsLong()), 0));
    return maps;
  }

  /** Behind the direct map follow the memory map, vmalloc and, since 6.10, the image. */
  private static long directEnd(VmcoreInfo info, long start) {
    long size = 1L << Math.min(info.number("MAX_PHYSMEM_BITS").orElse(MAX_PHYSMEM_BITS), MOST_BITS);
    long[] others = {
      info.symbol("vmemmap").orElse(0),
      info.number("VMALLOC_START").orElse(0),
      hex(info, "KERNELOFFPHYS").isPresent() ? info.kernelOffset().orElse(0) : 0
    };
    for (long other : others) {
      size =
          Long.compareUnsigned(other, start) > 0 && other - start > 0
              ? Math.min(size, other - start)
              : size;
    }
    return start + size;
  }

  private static OptionalLong hex(VmcoreInfo info, String key) {
    try {
      Optional<String> value = info.get(key);
      return value.isEmpty()
          ? OptionalLong.empty()
          : OptionalLong.of(Long.parseUnsignedLong(value.get(), 16));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** Those that {@code struct pt_regs} has, from psw on. */
  @Override
  public List<String> ptRegs() {
    return PrStatusLayout.of(Long.SIZE)
        .with("psw_mask", "psw_addr")
        .withNumbered("gpr", 16)
        .with("orig_gpr2")
        .names();
  }

  /** Linux' arch/s390/include/asm/sparsemem.h. */
  @Override
  public List<Integer> sectionBits() {
    return List.of(28);
  }

  /** FORMATS.md, 216 to 218. */
  @Override
  public Optional<FrameChain> frameChain() {
    return Optional.of(
        new FrameChain(
            new Names("psw_addr", "gpr15", "gpr15", "gpr14", Optional.empty()),
            Links.backChain(Place.of("stack_frame", "back_chain", 0, BACK_CHAIN), saved(LINK)),
            sleeping(),
            new UserMode("psw_mask", PSW_MASK_PSTATE, true),
            Exceptions.behindLast(Place.at(STACK_FRAME_OVERHEAD)),
            ptRegs(),
            Place.of("pt_regs", "psw", 0, Long.BYTES),
            List.of(
                ofLowcore("async", "async_stack"),
                ofLowcore("kernel", "kernel_stack"),
                ofLowcore("nodat", "nodat_stack"),
                ofLowcore("machine check", "mcck_stack"),
                ofLowcore("restart", "restart_stack")),
            code()));
  }

  /** Where a callee saves {@code gpr}, from the caller's stack pointer on. */
  private static Place saved(int gpr) {
    long behind = (long) Long.BYTES * (gpr - FIRST_SAVED);
    return Place.of("stack_frame", "gprs", behind, GPRS + behind);
  }

  private static SleepingTask sleeping() {
    SleepingTask task = SleepingTask.at("thread.ksp").with("gpr15", "thread.ksp");
    for (int gpr = FIRST_SAVED; gpr < LAST_SAVED; gpr++) {
      task = task.with("gpr" + gpr, saved(gpr));
    }
    return task.with("psw_addr", saved(LINK));
  }

  private static CpuStack ofLowcore(String name, String member) {
    return CpuStack.member(name, Source.STRUCTURES, "lowcore_ptr", "lowcore", member, Bound.INSIDE);
  }

  private static FrameCode code() {
    return FrameCode.of(Encoding.S390)
        .with(Effect.SAVES, 6, 0xff0f_f000_ffffL, 0xeb0f_f000_0024L) // stmg …, r15, …(r15)
        .with(Effect.SAVES, 6, 0xffff_f000_ffffL, 0xe3e0_f000_0024L) // stg r14, …(r15)
        .with(Effect.MAKES, 6, 0xff0f_ffff_ffffL, 0xe300_f098_0024L) // stg …, 152(r15)
        .with(Effect.MAKES, 6, 0xff0f_ffff_ffffL, 0xe300_f000_0024L) // stg …, 0(r15)
        .with(Effect.DROPS, 6, 0xff0f_f000_00ffL, 0xeb0f_f000_0004L) // lmg …, r15, …(r15)
        .with(Effect.LOADS, 6, 0xff0f_f000_00ffL, 0xeb0f_f000_0004L)
        .with(Effect.LEAVES, 2, 0xfff0, 0x07f0) // br
        .with(Effect.LEAVES, 4, 0xffff_0000L, 0xa7f4_0000L) // j
        .with(Effect.LEAVES, 6, 0xffff_0000_0000L, 0xc0f4_0000_0000L) // jg
        .call(6, 0xffff_0000_0000L, 0xc0e5_0000_0000L, S390x::target) // brasl r14, …
        .indirectCall(2, 0xfff0, 0x0de0); // basr r14, …
  }

  private static long target(long address, long call) {
    return address + 2L * (int) call;
  }

  @Override
  public PrStatusLayout prStatus() {
    return PrStatusLayout.of(Long.SIZE)
        .with("psw_mask", "psw_addr")
        .withNumbered("gpr", 16)
        .withNumbered32("acr", 16)
        .with("orig_gpr2")
        .pointer("psw_addr");
  }

  @Override
  public ExceptionPath exceptionPath() {
    return ExceptionPath.of(
        """
          do_exception do_dat_exception do_protection_exception do_fault_error
          do_no_context handle_fault_error handle_fault_error_nolock __do_pgm_check
          pgm_check_handler monitor_event_exception illegal_op do_report_trap
          disabled_wait""",
        """
          __do_syscall system_call do_io_irq do_ext_irq do_irq_async io_int_handler
          ext_int_handler mcck_int_handler smp_start_secondary __ret_from_fork""");
  }
}
