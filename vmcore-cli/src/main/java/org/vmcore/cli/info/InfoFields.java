package org.vmcore.cli.info;

import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Kind;
import org.vmcore.memory.PageState;

/** What {@code vmcore info} tells, and what text and JSON call it. */
final class InfoFields {
  static final Fields ALL = Fields.ofDumps();
  static final Field FORMAT = ALL.text("format", "The file's format.").titled("format");
  static final Field ENVELOPES =
      ALL.texts("envelopes", "What the file is wrapped in, the outermost first.").optional();
  static final Field FILES =
      ALL.texts("files", "The files it is read from, where there are several.")
          .titled("files")
          .optional();
  static final Field OS_ABI =
      ALL.text("elf_osabi", "Of an ELF file: EI_OSABI, as file calls it.").optional();
  static final Field HEADER_VERSION =
      ALL.number("header_version", "Of a kdump-compressed dump: its header's version, 1 to 6.")
          .titled("header")
          .optional();
  static final Field COMPRESSIONS =
      ALL.texts(
              "compression",
              "How its pages are compressed: zlib, lzo, snappy, zstd; empty where they aren't.")
          .titled("compression")
          .optional();
  static final Field DUMP_LEVEL =
      ALL.number("dump_level", "What was left out when it was made, as makedumpfile -d tells it.")
          .titled("dump level")
          .optional();
  static final Field FINISHED =
      ALL.flag(
              "finished",
              "false: the file ends too early, or its header says that the dump wasn't finished.")
          .titled("finished")
          .optional();

  private static final Fields PART_FIELDS = new Fields();
  static final Field START_PFN =
      PART_FIELDS.add("start_pfn", Kind.PFN, "Its first page frame's number.");
  static final Field END_PFN =
      PART_FIELDS.add("end_pfn", Kind.PFN, "That of the one behind its last.");
  static final Field PART =
      ALL.object("part", PART_FIELDS, "The part that it is of a split set; of several, the first.")
          .titled("part")
          .optional();

  static final Field CONTENTS =
      ALL.text("contents", "Whose memory it is, where that isn't a kernel's.")
          .titled("contents")
          .oneOf("device")
          .optional();
  static final Field ENTRY =
      ALL.address("entry", "Where the device's firmware begins: e_entry.")
          .titled("entry point")
          .optional();
  static final Field ARCH = ALL.text("arch", "The kernel's architecture.").titled("architecture");
  static final Field BYTE_ORDER =
      ALL.text("byte_order", "The order of its bytes.").oneOf("little", "big");
  static final Field BITS = ALL.number("bits", "The bits of the kernel's words: 32 or 64.");
  static final Field ELF_CLASS =
      ALL.number("elf_class", "The bits of the headers' addresses: 32 or 64.");
  static final Field PAGE_SIZE =
      ALL.size("page_size", "The size of a page frame.").titled("page size");
  static final Field SIZE = ALL.size("size", "The size of the image.").titled("image size");
  static final Field MEMORY_SIZE =
      ALL.size("memory_size", "The memory that the PT_LOADs describe.").titled("memory");
  static final Field CPUS = ALL.count("cpus", "How many NT_PRSTATUS there are.").titled("CPUs");
  static final Field POSSIBLE_CPUS =
      ALL.count("possible_cpus", "How many CPUs there could be, where the crash headers tell.")
          .optional();
  static final Field SEGMENTS =
      ALL.count("segments", "How many program headers there are.").titled("segments");
  static final Field CHUNKS =
      ALL.count("chunks", "How many chunks the image consists of.").titled("chunks");

  private static final Fields STATES = new Fields();
  private static final Field PRESENT = STATES.count("present", "In the dump.");
  private static final Field EXCLUDED = STATES.count("excluded", "Left out when it was made.");
  private static final Field LOST = STATES.count("lost", "Should be in the dump and isn't.");
  private static final Field NOT_RAM = STATES.count("not_ram", "No memory there.");
  static final Field PAGES =
      ALL.object("pages", STATES, "Page frames by their state.").titled("pages");

  static final Field RELEASE =
      ALL.text("release", "The kernel's release.").titled("kernel").optional();
  static final Field VERSION =
      ALL.text("version", "The kernel's version, as uname -v prints it.")
          .titled("version")
          .optional();
  static final Field MACHINE =
      ALL.text("machine", "The machine, as uname -m prints it.").titled("machine").optional();
  static final Field NODENAME =
      ALL.text("nodename", "The machine's name, as uname -n prints it.")
          .titled("node name")
          .optional();
  static final Field DOMAINNAME =
      ALL.text("domainname", "The machine's NIS domain, as domainname prints it.")
          .titled("domain name")
          .optional();
  static final Field SYSNAME =
      ALL.text("sysname", "The system's name, as uname -s prints it.").optional();
  static final Field BANNER =
      ALL.text("banner", "The kernel's first line, where there is no release, version and so on.")
          .titled("banner")
          .optional();
  static final Field PANIC =
      ALL.text("panic", "The line of the log that tells of the panic.").titled("panic").optional();
  static final Field CRASHED_CPU =
      ALL.number("crashed_cpu", "The CPU that panicked.").titled("crashed").optional();

  private static final Fields TASK = new Fields();
  static final Field PID = TASK.number("pid", "Its number.");
  static final Field COMM = TASK.text("comm", "Its name.");
  static final Field CRASHED_TASK =
      ALL.object("crashed_task", TASK, "The task that this CPU ran, where the log tells.")
          .optional();

  static final Field UPTIME =
      ALL.add("uptime_nsec", Kind.NANOSECONDS, "How long the kernel ran.")
          .titled("uptime")
          .optional();
  static final Field LOAD =
      ALL.text("load", "The average load of 1, 5 and 15 minutes.")
          .titled("load average")
          .optional();
  static final Field TAINTS =
      ALL.text("taints", "What taints the kernel, in the letters of an oops.")
          .titled("taints")
          .optional();
  static final Field MEMORY_TOTAL =
      ALL.size("memory_total", "The memory that the kernel managed.")
          .titled("kernel memory")
          .optional();
  static final Field FOUND_AT =
      ALL.address(
              "vmcoreinfo_found_at",
              "The physical address at which VMCOREINFO was found, where the dump's note isn't it.")
          .titled("VMCOREINFO")
          .optional();

  private static final Fields TABLES = new Fields();
  static final Field LEVELS = TABLES.count("levels", "How many levels they have.");
  static final Field ROOT = TABLES.address("root", "The topmost table's physical address.");
  static final Field ORIGIN = TABLES.text("origin", "How it was found.");
  static final Field PAGE_TABLES =
      ALL.object("page_tables", TABLES, "The kernel's page tables.")
          .titled("page tables")
          .optional();

  static final Field SYMBOLS =
      ALL.count("symbols", "How many symbols the kernel has.").titled("symbols").optional();
  static final Field LOG_RECORDS =
      ALL.count("log_records", "How many records its log has.").titled("log").optional();
  static final Field CRASH_TIME =
      ALL.add("crash_time", Kind.SECONDS, "When it crashed.").titled("crash time").optional();
  static final Field WARNINGS =
      ALL.texts("warnings", "What is damaged or unusual.").titled("warning");
  static final Field VMCOREINFO_CHOICE =
      ALL.texts("vmcoreinfo_choice", "Which VMCOREINFO of several in memory was taken, and why.")
          .titled("VMCOREINFO")
          .optional();
  static final Field ELFCOREHDR =
      ALL.texts("elfcorehdr", "How the crash headers were found, where they were searched for.")
          .titled("elfcorehdr")
          .optional();

  private InfoFields() {}

  /** The page frames in {@code state}. */
  static Field of(PageState state) {
    return switch (state) {
      case PRESENT -> PRESENT;
      case EXCLUDED -> EXCLUDED;
      case LOST -> LOST;
      case NOT_RAM -> NOT_RAM;
    };
  }
}
