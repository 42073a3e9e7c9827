package org.vmcore.kernel.oops;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The functions of a stack that make a crash's fingerprint.
 *
 * <p>Each is its name, without what compilers add to it ({@code .constprop.0}, {@code .isra.0},
 * {@code .cold}), and its module in brackets. From the fault outward:
 *
 * <ul>
 *   <li>What takes the kernel down isn't counted, nor what that calls, nor are, as long as they
 *       come first, functions that only found what was wrong (list and reference checks,
 *       sanitizers) and those that wait (locks, the scheduler).
 *   <li>Of a lockup, an RCU stall: the interrupt in which it was noticed isn't counted.
 *   <li>They end where the code was entered (system call, interrupt, softirq, timer, work, thread),
 *       for what is outward of that could be anything.
 *   <li>A function counts once, so that recursion of any depth is the same; of a stack that was
 *       used up by recursion those count that recur, in the order of their names.
 *   <li>Three count: by more the same fault would differ that was reached over another system call,
 *       or whose caller a compiler has left out.
 * </ul>
 */
final class FingerprintFrames {
  private static final int MOST = 3;

  /** So often a function is on a stack at least that its recursion used up. */
  private static final int RECURRING = 8;

  private FingerprintFrames() {}

  static List<String> of(CrashKind kind, List<CodePlace> all) {
    List<CodePlace> frames = Plumbing.fromPanic(all);
    boolean isNoticed =
        kind == CrashKind.SOFT_LOCKUP
            || kind == CrashKind.HARD_LOCKUP
            || kind == CrashKind.RCU_STALL;
    List<CodePlace> counted = frames.subList(isNoticed ? interrupted(frames) : 0, frames.size());
    List<String> recurring = kind == CrashKind.STACK_OVERFLOW ? recurring(counted) : List.of();
    return recurring.isEmpty() ? outward(counted) : recurring;
  }

  /** Where the frames begin that an interrupt's are on; 0 where there is none. */
  private static int interrupted(List<CodePlace> frames) {
    boolean isPanic = !frames.isEmpty() && Plumbing.isDying(name(frames.getFirst()));
    for (int i = 0; isPanic && i + 1 < frames.size(); i++) {
      if (isInterruptsEnd(name(frames.get(i)))) {
        return i + 1;
      }
    }
    return 0;
  }

  /** The outermost function of an interrupt. */
  private static boolean isInterruptsEnd(String name) {
    return name.startsWith("asm_")
        || name.startsWith("el1h_64_")
        || name.equals("end_repeat_nmi")
        || name.equals("apic_timer_interrupt");
  }

  private static String name(CodePlace frame) {
    return Plumbing.name(frame.symbol());
  }

  private static List<String> outward(List<CodePlace> frames) {
    List<String> names = new ArrayList<>();
    for (CodePlace frame : frames) {
      String name = name(frame);
      boolean isPassed = names.isEmpty() && Plumbing.isPassed(name);
      if (!isPassed && (names.size() == MOST || Plumbing.isEntry(name))) {
        break;
      }
      String full = written(frame);
      if (!isPassed && !Plumbing.isDying(name) && !names.contains(full)) {
        names.add(full);
      }
    }
    return names;
  }

  private static List<String> recurring(List<CodePlace> frames) {
    Map<String, Integer> counts = new TreeMap<>();
    for (CodePlace frame : frames) {
      counts.merge(written(frame), 1, Integer::sum);
    }
    counts.values().removeIf(count -> count < RECURRING);
    return new ArrayList<>(counts.keySet());
  }

  /** A system call's function is named by its architecture. */
  private static String written(CodePlace frame) {
    String name = name(frame);
    int call = name.indexOf("_sys_");
    boolean isCall = call > 0 && name.startsWith("__") && call <= "__arm64".length();
    String plain = isCall ? name.substring(call + 1) : name;
    return frame.module().isEmpty() ? plain : plain + " [" + frame.module().get() + "]";
  }
}
