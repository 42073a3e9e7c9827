package org.vmcore.debuginfo.terms;

/** For which debuggers a debug file is: they disagree of where the kernel should lie in it. */
public enum Purpose {
  /** crash and drgn, which add what KASLR moved the kernel by: addresses are as it was linked. */
  CRASH_DRGN("crash,drgn"),

  /** gdb, which adds nothing: addresses are those at which the kernel ran. */
  GDB("gdb");

  private final String label;

  Purpose(String label) {
    this.label = label;
  }

  /** The value of an option. */
  public String label() {
    return label;
  }
}
