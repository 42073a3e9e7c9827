package org.vmcore.mmu;

/** Where the place of the topmost table comes from. */
enum Origin {
  /** It is the place that VMCOREINFO's symbol and numbers say. */
  VMCOREINFO("VMCOREINFO"),
  /** The same, but tables below it were cleared. */
  CLEARED("VMCOREINFO"),
  /** It is the place that the PT_LOADs have for VMCOREINFO's symbol. */
  LOADS("p_vaddr"),
  /** A CPU's register held it. */
  CPU("CR3"),
  /** Nothing says where it is; it was searched for. */
  SEARCH("search"),
  /** The caller gave it. */
  GIVEN("given"),
  /** It is a task's. */
  TASK("task");

  private final String text;

  Origin(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
