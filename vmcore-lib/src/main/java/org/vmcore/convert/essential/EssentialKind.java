package org.vmcore.convert.essential;

/** Memory of a kernel's that no dump can do without. */
public enum EssentialKind {
  /** The kernel's code and data, without what was freed of them. */
  KERNEL_IMAGE("the kernel's image"),
  /**
   * The end of arm64's image, where no symbol tells of the page tables of the boot in it
   * (init_pg_dir), which are freed: FORMATS.md, 123.
   */
  IMAGE_END("what may be free at the end of the kernel's image"),
  /** The kernel's page tables. */
  PAGE_TABLES("page tables"),
  /** The CPUs' own variables, and what tells where they are. */
  PER_CPU("per-CPU areas"),
  /** The tasks' struct task_struct, of which their stacks are known. */
  TASKS("struct task_struct"),
  /** Stacks of tasks and of CPUs. */
  STACKS("kernel stacks"),
  /** The kernel's log. */
  LOG("the log"),
  /** The CPUs' notes and VMCOREINFO. */
  NOTES("crash notes"),
  /** The struct pages, and mem_section, which leads to them. */
  STRUCT_PAGES("struct pages");

  private final String words;

  EssentialKind(String words) {
    this.words = words;
  }

  /** What it is, for people: {@code the kernel's image}. */
  public String words() {
    return words;
  }
}
