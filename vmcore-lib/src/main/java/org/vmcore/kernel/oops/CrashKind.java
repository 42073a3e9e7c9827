package org.vmcore.kernel.oops;

/** What a kernel died of. */
public enum CrashKind {
  /** The address that was used is in the first page. */
  NULL_POINTER("null pointer"),
  /** Another address that couldn't be used. */
  PAGE_FAULT("page fault"),
  /** An address or a descriptor that no CPU accepts. */
  GENERAL_PROTECTION("general protection fault"),
  /** A division by zero, or a quotient that is too large. */
  DIVIDE_ERROR("divide error"),
  /** Code that no CPU knows. */
  INVALID_OPCODE("invalid opcode"),
  /** An exception in an exception, with stack left. */
  DOUBLE_FAULT("double fault"),
  /** A stack that was used up. */
  STACK_OVERFLOW("stack overflow"),
  /** A stack's canary was overwritten. */
  STACK_CORRUPTION("stack corruption"),
  /** The kernel's own check, {@code BUG()}. */
  BUG("BUG"),
  /** {@code WARN()}, with panic_on_warn. */
  WARNING("warning"),
  /** The kernel's address sanitizer. */
  KASAN("KASAN"),
  /** Its sampling sibling. */
  KFENCE("KFENCE"),
  /** The sanitizer of uninitialized memory. */
  KMSAN("KMSAN"),
  /** The sanitizer of data races. */
  KCSAN("KCSAN"),
  /** The sanitizer of undefined behaviour. */
  UBSAN("UBSAN"),
  /** A call or a jump to where none may lead. */
  CONTROL_FLOW("control flow"),
  /** A CPU that no task could be switched on. */
  SOFT_LOCKUP("soft lockup"),
  /** A CPU that took no interrupt. */
  HARD_LOCKUP("hard lockup"),
  /** Tasks that were blocked for too long. */
  HUNG_TASK("hung task"),
  /** A CPU or a task that kept RCU from going on. */
  RCU_STALL("RCU stall"),
  /** Work that no worker took. */
  WORKQUEUE_LOCKUP("workqueue lockup"),
  /** A schedule() where none may be. */
  SCHEDULING("scheduling while atomic"),
  /** No memory left. */
  OUT_OF_MEMORY("out of memory"),
  /** A non-maskable interrupt that nobody claimed, or one to bring the machine down. */
  NMI("NMI"),
  /** A watchdog device. */
  WATCHDOG("watchdog"),
  /** An error of the hardware, told by the CPU or the firmware. */
  MACHINE_CHECK("machine check"),
  /** arm64's error of the system: SError, or an external abort. */
  SYSTEM_ERROR("SError"),
  /** No root file system. */
  NO_ROOT("no root file system"),
  /** No init to start. */
  NO_INIT("no init"),
  /** Init ended. */
  INIT_DIED("init died"),
  /** Somebody asked for it. */
  SYSRQ("sysrq"),
  /** Another exception. */
  OOPS("oops"),
  /** Another {@code panic()}. */
  PANIC("panic"),
  /** The log tells of none: the dump of a system that ran, or of one that stood still. */
  NONE("none");

  private final String text;

  CrashKind(String text) {
    this.text = text;
  }

  /** In the field's own words. */
  public String text() {
    return text;
  }

  @Override
  public String toString() {
    return text;
  }
}
