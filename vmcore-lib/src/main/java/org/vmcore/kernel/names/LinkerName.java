package org.vmcore.kernel.names;

/**
 * The names that the kernel's linker script gives to where sections begin and end: {@code
 * __sched_text_start}, {@code __stop___ex_table} (FORMATS.md, 222).
 */
public final class LinkerName {
  private static final String[] STARTS = {"__start_", "__stop_", "__end_"};
  private static final String[] ENDS = {"_start", "_end"};

  private LinkerName() {}

  /** Whether {@code name} is one of them, as scripts/kallsyms.c tells. */
  public static boolean is(String name) {
    if (!name.startsWith("__")) {
      return false;
    }
    for (String start : STARTS) {
      if (name.startsWith(start)) {
        return true;
      }
    }
    for (String end : ENDS) {
      if (name.endsWith(end)) {
        return true;
      }
    }
    return false;
  }
}
