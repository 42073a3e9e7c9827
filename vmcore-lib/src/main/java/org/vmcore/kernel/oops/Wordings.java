package org.vmcore.kernel.oops;

import static org.vmcore.kernel.oops.CrashKind.*;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the kernel words a crash (kernel/panic.c, kernel/watchdog.c, kernel/hung_task.c,
 * mm/oom_kill.c, kernel/rcu/tree_stall.h, lib/bug.c, and die(), page faults and traps of each
 * architecture, 3.x to 7.x). The first that fits counts.
 */
final class Wordings {
  private static final String PANIC_LINE = "Kernel panic - not syncing";

  /** What may stand in front of an event. */
  private static final String[] PREFIXES = {"NMI watchdog: ", "watchdog: ", "rcu: ", "traps: "};

  /** What happened: the first line of a report. */
  private static final List<Wording> EVENTS =
      List.of(
          Wording.start("BUG: kernel NULL pointer dereference", NULL_POINTER),
          Wording.start("BUG: Kernel NULL pointer dereference", NULL_POINTER),
          Wording.start("BUG: unable to handle kernel NULL pointer", NULL_POINTER),
          Wording.start("BUG: unable to handle page fault", PAGE_FAULT),
          Wording.start("BUG: unable to handle kernel paging request", PAGE_FAULT),
          Wording.start(
              "BUG: Unable to handle kernel instruction fetch (NULL pointer", NULL_POINTER),
          Wording.start("BUG: Unable to handle kernel ", PAGE_FAULT),
          Wording.start("BUG: soft lockup", SOFT_LOCKUP),
          Wording.start("BUG: workqueue lockup", WORKQUEUE_LOCKUP),
          Wording.start("BUG: scheduling while atomic", SCHEDULING),
          Wording.start("BUG: KASAN: ", KASAN),
          Wording.start("BUG: KFENCE: ", KFENCE),
          Wording.start("BUG: KMSAN: ", KMSAN),
          Wording.start("BUG: KCSAN: ", KCSAN),
          Wording.both("BUG: ", "stack guard page was hit", STACK_OVERFLOW),
          Wording.start("BUG: ", BUG),
          Wording.start("kernel BUG at ", BUG),
          Wording.start("Kernel BUG at ", BUG),
          Wording.start("Unable to handle kernel NULL pointer", NULL_POINTER),
          Wording.start("Unable to handle kernel ", PAGE_FAULT),
          Wording.start("Kernel stack overflow.", STACK_OVERFLOW),
          Wording.start("Insufficient stack space to handle exception", STACK_OVERFLOW),
          Wording.start("PANIC: double fault", DOUBLE_FAULT),
          Wording.start("Watchdog detected hard LOCKUP", HARD_LOCKUP),
          Wording.both("CPU ", "Hard LOCKUP", HARD_LOCKUP),
          Wording.both("CPU", "detected hard LOCKUP", HARD_LOCKUP),
          Wording.start("SError Interrupt on CPU", SYSTEM_ERROR),
          Wording.start("Bad mode in Error handler", SYSTEM_ERROR),
          Wording.start("CFI failure at", CONTROL_FLOW));

  /** What happened, and the kernel mostly survives: of its own it is no crash. */
  private static final List<Wording> REMARKS =
      List.of(
          Wording.both("INFO: task ", " blocked for more than ", HUNG_TASK),
          Wording.both("INFO: task ", " blocked in I/O wait for more than ", HUNG_TASK),
          Wording.both("INFO: rcu", " stall", RCU_STALL),
          Wording.start("UBSAN: ", UBSAN),
          Wording.start("WARNING: ", WARNING),
          Wording.start("Uhhuh. NMI received", NMI),
          Wording.start("NMI: ", NMI),
          Wording.both("", "invoked oom-killer: ", OUT_OF_MEMORY),
          Wording.start("sysrq: Trigger a crash", SYSRQ),
          Wording.start("sysrq: SysRq : Trigger a crash", SYSRQ),
          Wording.start("SysRq : Trigger a crash", SYSRQ));

  /** What the CPU made of it, {@code Oops: } in front of it or not. */
  private static final List<Wording> BARE_TRAPS =
      List.of(
          Wording.start("general protection fault", GENERAL_PROTECTION),
          Wording.start("divide error: ", DIVIDE_ERROR),
          Wording.start("double fault: ", DOUBLE_FAULT),
          Wording.start("stack guard page: ", STACK_OVERFLOW),
          Wording.start("kernel stack overflow", STACK_OVERFLOW),
          Wording.start("invalid opcode: ", INVALID_OPCODE),
          Wording.start("control protection fault", CONTROL_FLOW),
          Wording.start("stack segment: ", GENERAL_PROTECTION),
          Wording.start("segment not present: ", GENERAL_PROTECTION),
          Wording.start("invalid TSS: ", GENERAL_PROTECTION),
          Wording.start("alignment check: ", OOPS),
          Wording.both("monitor event: ", " ilc:", BUG),
          Wording.both("illegal operation: ", " ilc:", INVALID_OPCODE),
          Wording.both("fixpoint divide exception: ", " ilc:", DIVIDE_ERROR),
          Wording.both("addressing exception: ", " ilc:", OOPS),
          Wording.both("data exception: ", " ilc:", OOPS),
          Wording.both("execute exception: ", " ilc:", OOPS),
          Wording.both("operand exception: ", " ilc:", OOPS),
          Wording.both("privileged operation: ", " ilc:", OOPS),
          Wording.both("protection exception: ", " ilc:", OOPS),
          Wording.both("specification exception: ", " ilc:", OOPS),
          Wording.both("translation specification exception: ", " ilc:", OOPS),
          Wording.start("int3: ", OOPS));

  /** What the CPU made of it, {@code Oops: } or the like in front of it. */
  private static final List<Wording> TRAPS =
      List.of(
          Wording.start("SError", SYSTEM_ERROR),
          Wording.start("synchronous external abort", SYSTEM_ERROR),
          Wording.start("Oops - BUG", BUG),
          Wording.start("Exception in kernel mode", OOPS),
          Wording.start("Kernel access of bad area", PAGE_FAULT),
          Wording.start("Oops - Undefined instruction", INVALID_OPCODE),
          Wording.start("Oops - undefined instruction", INVALID_OPCODE),
          Wording.start("Oops - illegal instruction", INVALID_OPCODE),
          Wording.start("Oops - CFI", CONTROL_FLOW),
          Wording.start("Oops - BTI", CONTROL_FLOW),
          Wording.start("Oops - FPAC", CONTROL_FLOW),
          Wording.start("KASAN", KASAN),
          Wording.start("UBSAN", UBSAN));

  /** What stands in front of a trap, and alone makes one. */
  private static final String[] TRAP_PREFIXES = {"Oops: ", "Internal error: ", "Oops ["};

  /** What a panic says of an oops or a warning before it, which tells more. */
  private static final List<Wording> FOLLOWING =
      List.of(
          Wording.inside("Fatal exception", OOPS),
          Wording.inside("Aiee, killing interrupt handler", OOPS),
          Wording.inside("Attempted to kill the idle task", OOPS),
          Wording.start("panic_on_warn set", WARNING),
          Wording.start("kernel: panic_on_warn set", WARNING));

  /** What a panic says itself. */
  private static final List<Wording> PANICS =
      List.of(
          Wording.start("sysrq triggered crash", SYSRQ),
          Wording.inside("softlockup: ", SOFT_LOCKUP),
          Wording.inside("ard LOCKUP", HARD_LOCKUP),
          Wording.start("hung_task: ", HUNG_TASK),
          Wording.inside("RCU Stall", RCU_STALL),
          Wording.start("stack-protector: ", STACK_CORRUPTION),
          Wording.inside("corrupted stack end", STACK_OVERFLOW),
          Wording.inside("stack overflow", STACK_OVERFLOW),
          Wording.inside("stack guard page", STACK_OVERFLOW),
          Wording.start("KASAN: ", KASAN),
          Wording.start("kasan.", KASAN),
          Wording.start("KFENCE: ", KFENCE),
          Wording.start("KMSAN: ", KMSAN),
          Wording.start("kmsan.", KMSAN),
          Wording.start("KCSAN: ", KCSAN),
          Wording.start("UBSAN: ", UBSAN),
          Wording.start("scheduling while atomic", SCHEDULING),
          Wording.start("Out of memory", OUT_OF_MEMORY),
          Wording.start("out of memory", OUT_OF_MEMORY),
          Wording.start("System is deadlocked on memory", OUT_OF_MEMORY),
          Wording.start("Attempted to kill init", INIT_DIED),
          Wording.start("No working init found", NO_INIT),
          Wording.start("No init found", NO_INIT),
          Wording.start("Requested init ", NO_INIT),
          Wording.start("VFS: Unable to mount root fs", NO_ROOT),
          Wording.inside("achine check", MACHINE_CHECK),
          Wording.inside("achine Check", MACHINE_CHECK),
          Wording.inside("ardware error", MACHINE_CHECK),
          Wording.inside("ardware Error", MACHINE_CHECK),
          Wording.start("Timeout: Not all CPUs entered broadcast exception", MACHINE_CHECK),
          Wording.inside("SError", SYSTEM_ERROR),
          Wording.inside("external abort", SYSTEM_ERROR),
          Wording.inside("ouble fault", DOUBLE_FAULT),
          Wording.start("Machine halted.", DOUBLE_FAULT),
          Wording.start("NMI", NMI),
          Wording.start("An NMI occurred", NMI),
          Wording.start("nmi_panic", NMI),
          Wording.inside("atchdog", WATCHDOG),
          Wording.inside("softdog", WATCHDOG),
          Wording.inside("pretimeout", WATCHDOG),
          Wording.start("workqueue: ", WORKQUEUE_LOCKUP));

  /** What follows the first lines, of an oops as well as of a warning. */
  private static final String[] DETAILS = {
    "CPU: ", "Modules linked in:", "Call Trace:", "Call trace:", "Workqueue: ", "Hardware name:",
  };

  /** A program's name stands first in these lines, and may be anything. */
  private static final String[] OF_PROCESSES = {
    "]: segfault at ", "] general protection fault ip:", "] trap ", "]: bad frame in ",
  };

  private Wordings() {}

  static boolean isPanic(String line) {
    return line.startsWith(PANIC_LINE);
  }

  /** What a panic's line says behind the words that all of them have. */
  static String message(String panic) {
    int from = PANIC_LINE.length();
    while (from < panic.length() && (panic.charAt(from) == ':' || panic.charAt(from) == ' ')) {
      from++;
    }
    return panic.substring(from);
  }

  /** What kind of report counts with a panic that only says that one made it fatal. */
  static @Nullable CrashKind following(String message) {
    return find(FOLLOWING, message);
  }

  /** The kind of a panic by its own words. */
  static CrashKind panic(String message) {
    CrashKind kind = find(PANICS, message);
    return kind == null ? PANIC : kind;
  }

  /** The kind of what {@code line} says that happened. */
  static @Nullable CrashKind event(String line) {
    return isOfProcess(line) ? null : find(EVENTS, unprefixed(line));
  }

  /** The kind of what happened and wasn't fatal of its own. */
  static @Nullable CrashKind remark(String line) {
    return isOfProcess(line) ? null : find(REMARKS, unprefixed(line));
  }

  /** The kind of what {@code line} says that the CPU made of it. */
  static @Nullable CrashKind trap(String line) {
    for (String prefix : TRAP_PREFIXES) {
      if (line.startsWith(prefix)) {
        String trap = line.substring(prefix.length());
        CrashKind bare = find(BARE_TRAPS, trap);
        CrashKind kind = bare == null ? find(TRAPS, trap) : bare;
        return kind == null ? OOPS : kind;
      }
    }
    return isOfProcess(line) ? null : find(BARE_TRAPS, line);
  }

  private static String unprefixed(String line) {
    for (String prefix : PREFIXES) {
      if (line.startsWith(prefix)) {
        return line.substring(prefix.length());
      }
    }
    return line;
  }

  private static boolean isOfProcess(String line) {
    for (String part : OF_PROCESSES) {
      if (line.contains(part)) {
        return true;
      }
    }
    return false;
  }

  static boolean isDetail(String line) {
    for (String start : DETAILS) {
      if (line.startsWith(start)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable CrashKind find(List<Wording> wordings, String line) {
    for (Wording each : wordings) {
      if (each.fits(line)) {
        return each.kind;
      }
    }
    return null;
  }

  /** Words at a line's start, further ones anywhere in it, and what they mean. */
  private record Wording(String start, String part, CrashKind kind) {
    static Wording start(String start, CrashKind kind) {
      return new Wording(start, "", kind);
    }

    static Wording inside(String part, CrashKind kind) {
      return new Wording("", part, kind);
    }

    static Wording both(String start, String part, CrashKind kind) {
      return new Wording(start, part, kind);
    }

    boolean fits(String line) {
      return line.startsWith(start) && (part.isEmpty() || line.contains(part));
    }
  }
}
