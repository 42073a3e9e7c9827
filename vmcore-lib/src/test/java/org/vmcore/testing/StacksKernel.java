package org.vmcore.testing;

import static org.vmcore.testing.TasksKernel.TEXT;

/**
 * A {@link TasksKernel} of x86_64 whose tasks have stacks: some functions, the ORC table that tells
 * of them, and the note of the CPU that panicked.
 */
public final class StacksKernel {
  /** Its caller's stack pointer is 8 behind its own. */
  public static final long FAULT = TEXT + 0x200;

  /** 16 behind its own. */
  public static final long SCHEDULE = TEXT + 0x300;

  /** 24 behind its own. */
  public static final long WORKER = TEXT + 0x400;

  /** The outermost function of a kernel thread. */
  public static final long FORK = TEXT + 0x500;

  /** Registers of user space lie at its stack pointer. */
  public static final long ENTRY = TEXT + 0x600;

  /** ORC knows nothing of it. */
  public static final long UNKNOWN = TEXT + 0x700;

  /** How large a stack is. */
  public static final int STACK = 0x4000;

  private static final int SIZE = 6;
  private static final int FUNCTION = 0x100;
  private static final String[] NAMES = {
    "panic",
    "fault",
    "schedule",
    "worker_thread",
    "ret_from_fork_asm",
    "entry_SYSCALL_64",
    "unknown"
  };

  /** sp_offset, and the bits of Linux 6.4. */
  private static final int[][] ENTRIES = {
    {8, 0x205}, {8, 0x205}, {16, 0x205}, {24, 0x205}, {0, 0x100}, {0, 0xb05}, {0, 0}, {0, 0}
  };

  private final TasksKernel tasks = new TasksKernel();
  private final KernelDump memory = tasks.memory();
  private final long table = tasks.room(0x1000);

  /** A kernel with no tasks but the idle ones. */
  public StacksKernel() {
    int count = ENTRIES.length;
    long entries = table + 4L * count;
    for (int i = 0; i < count; i++) {
      long ip = table + 4L * i;
      memory.u32(ip, TEXT + (long) FUNCTION * (i + 1) - ip);
      memory.u16(entries + (long) SIZE * i, ENTRIES[i][0]);
      memory.u16(entries + (long) SIZE * i + 4, ENTRIES[i][1]);
    }
    for (int i = 1; i < NAMES.length; i++) {
      tasks.function(NAMES[i], TEXT + (long) FUNCTION * (i + 1));
    }
    tasks.data("__start_orc_unwind_ip", table).data("__stop_orc_unwind_ip", entries);
    tasks.data("__start_orc_unwind", entries);
  }

  /** Its tasks, to add some. */
  public TasksKernel tasks() {
    return tasks;
  }

  /** The memory, to add to it. */
  public KernelDump memory() {
    return memory;
  }

  /** Swaps two addresses of the ORC table. */
  public StacksKernel outOfOrder() {
    memory.u32(table + 4, TEXT - table);
    return this;
  }

  /**
   * A stack for {@code task}, which sleeps: the words on it from where it was switched away on,
   * behind the six registers that are saved there.
   */
  public long sleeping(long task, long... words) {
    long stack = tasks.room(STACK);
    long pointer = stack + STACK - 0x400;
    tasks.stack(task, stack, pointer);
    words(pointer + 6L * Long.BYTES, words);
    return pointer;
  }

  /** Words from {@code address} on. */
  public StacksKernel words(long address, long... words) {
    for (int i = 0; i < words.length; i++) {
      memory.u64(address + (long) Long.BYTES * i, words[i]);
    }
    return this;
  }

  /** struct pt_regs at {@code address}, as user space left it. */
  public StacksKernel user(long address, long rip, long rsp) {
    return words(address + 16L * Long.BYTES, rip, 0x33, 0x246, rsp, 0x2b);
  }

  /** The dump; of the CPU that ran {@code pid} it has these registers. */
  public DumpBuilder dump(int pid, long rip, long rsp) {
    long[] registers = new long[27];
    registers[16] = rip;
    registers[17] = 0x10;
    registers[19] = rsp;
    return tasks.dump().prstatus(pid, 0, registers);
  }
}
