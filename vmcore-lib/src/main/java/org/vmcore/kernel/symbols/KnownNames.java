package org.vmcore.kernel.symbols;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.vmcore.memory.VmcoreException;

/**
 * The variables that readers of a kernel's memory ask for, all found in one walk over the names: a
 * walk for each of them would take most of a command's time.
 */
final class KnownNames implements CompressedNames.Names {
  private static final String[] NAMES = {
    "__brk_limit",
    "__cpu_online_mask",
    "__cpu_possible_mask",
    "__cpu_present_mask",
    "__end_bss_decrypted",
    "__end_init_stack",
    "__end_init_task",
    "__end_rodata",
    "__init_begin",
    "__init_end",
    "__per_cpu_end",
    "__per_cpu_offset",
    "__per_cpu_start",
    "__smp_locks",
    "__smp_locks_end",
    "__start_BTF",
    "__start_bss_decrypted_unused",
    "__start_init_stack",
    "__start_init_task",
    "__start_orc_unwind",
    "__start_orc_unwind_ip",
    "__start_rodata",
    "__stop_orc_unwind_ip",
    "_brk_end",
    "_end",
    "_etext",
    "_sdata",
    "_totalram_pages",
    "avenrun",
    "btf_modules",
    "cea_exception_stacks",
    "cpu_entry_area",
    "crash_notes",
    "crashing_cpu",
    "current_task",
    "dump_stack_arch_desc_str",
    "hardirq_stack_ptr",
    "init_pg_dir",
    "init_pg_end",
    "init_pid_ns",
    "init_task",
    "irq_stack_ptr",
    "jiffies_64",
    "linux_banner",
    "log_buf",
    "log_buf_len",
    "modules",
    "nr_cpu_ids",
    "overflow_stack",
    "panic_cpu",
    "pcpu_base_addr",
    "pcpu_first_chunk",
    "pcpu_hot",
    "runqueues",
    "saved_command_line",
    "taint_flags",
    "tainted_mask",
    "task_state_array",
    "tick_nsec",
    "timekeeper_data",
    "tk_core",
    "totalram_pages",
    "vm_zone_stat",
    "vmcoreinfo_note"
  };

  private static final int LEAST = 4;
  private static final int BITS = 1 << 12;

  private final Kallsyms table;
  private final Map<String, OptionalLong> addresses = new HashMap<>();

  /** By the first letters of a name: most names are none of these by them. */
  private final boolean[] starts = new boolean[BITS];

  private KnownNames(Kallsyms table) {
    this.table = table;
    for (String name : NAMES) {
      addresses.put(name, OptionalLong.empty());
      starts[hash(name.getBytes(StandardCharsets.US_ASCII), 0)] = true;
    }
  }

  private static int hash(byte[] name, int from) {
    int hash = name[from] * 31 * 31 * 31;
    hash += name[from + 1] * 31 * 31 + name[from + 2] * 31 + name[from + 3];
    return (hash ^ hash >>> 12) & (BITS - 1);
  }

  /** Those of {@code table}. */
  static KnownNames of(Kallsyms table) throws VmcoreException {
    KnownNames names = new KnownNames(table);
    table.walk(names);
    return names;
  }

  /** How many bytes of a name, the type in front of it included, {@link #mayBe} looks at. */
  static int looked() {
    return 1 + LEAST;
  }

  /** Whether a name that begins so may be one of them. */
  boolean mayBe(byte[] name) {
    return starts[hash(name, 1)];
  }

  @Override
  public boolean name(int index, byte[] name, int length) throws VmcoreException {
    String text = new String(name, 1, length - 1, StandardCharsets.UTF_8);
    OptionalLong known = addresses.get(text);
    if (known != null && known.isEmpty()) {
      addresses.put(text, OptionalLong.of(table.addressOf(index)));
    }
    return true;
  }

  /** Whether this is one of them. */
  boolean has(String name) {
    return addresses.containsKey(name);
  }

  /** The address of the first symbol of this name, which is one of them. */
  OptionalLong address(String name) {
    return addresses.getOrDefault(name, OptionalLong.empty());
  }
}
