package org.vmcore.testing;

import static org.vmcore.testing.KernelDump.BASE;

import java.util.ArrayList;
import java.util.List;

/**
 * A dump of a kernel for two CPUs with types, tasks and modules: structures are small, and have the
 * members that readers of tasks and modules ask for.
 *
 * <pre>{@code
 * TasksKernel kernel = new TasksKernel();
 * long init = kernel.process(1, "init");
 * kernel.running(1, init).dump().writeTo(file);
 * }</pre>
 */
public final class TasksKernel {
  /** Where the list of tasks lies in struct task_struct. */
  public static final int TASKS = 72;

  /** Where the list of modules lies in struct module. */
  public static final int MODULE_LIST = 8;

  private static final int THREAD_NODE = 88;
  private static final int PID_LINKS = 112;
  private static final int COMM = 176;
  private static final int COMM_SIZE = 16;
  private static final int TASK_SIZE = 208;
  private static final int MODULE_SIZE = 208;
  private static final int SLOTS = 16;
  private static final int CPUS = 2;
  private static final int RUNQUEUES = 0x100;

  /** Where functions may lie: 0x2000 bytes. */
  public static final long TEXT = BASE + 0x1000;

  private static final long DATA = BASE + 0x4000;
  private static final long PID_NAMESPACE = DATA;
  private static final long NODE = DATA + 0x100;
  private static final long OFFSETS = DATA + 0x400;
  private static final long MASK = DATA + 0x440;
  private static final long CPU_COUNT = DATA + 0x450;
  private static final long PANIC_CPU = DATA + 0x458;
  private static final long JIFFIES = DATA + 0x460;
  private static final long TICK = DATA + 0x468;
  private static final long LOADS = DATA + 0x470;
  private static final long TAINTS = DATA + 0x490;
  private static final long RAM = DATA + 0x498;

  /** The head of the list of modules. */
  public static final long MODULES = DATA + 0x4a0;

  /** The area of CPU 0; that of CPU 1 is the page behind. */
  public static final long CPU_AREAS = DATA + 0x1000;

  /** Where its types are. */
  public static final long BTF = BASE + 0x2_0000;

  private static final long OBJECTS = BASE + 0x4_0000;

  /** The address of {@code init_task}. */
  public static final long INIT_TASK = BASE + 0x3_0000;

  private final KernelDump dump = new KernelDump();
  private final KallsymsBytes symbols = new KallsymsBytes(KallsymsBytes.Scheme.PERCPU_SIGNED);
  private final List<Long> processes = new ArrayList<>();
  private final List<Long> modules = new ArrayList<>();
  private long next = OBJECTS;
  private int pids;

  /** A kernel whose CPU 0 panicked, with an idle task on each CPU. */
  public TasksKernel() {
    byte[] types = types();
    dump.infoSymbol("_stext", TEXT).bytes(BTF, types);
    symbols
        .add(TEXT, 'T', "_stext")
        .add(TEXT + 0x100, 'T', "panic")
        .add(RUNQUEUES, 'A', "runqueues");
    data("init_pid_ns", PID_NAMESPACE).data("__per_cpu_offset", OFFSETS);
    data("__cpu_possible_mask", MASK).data("nr_cpu_ids", CPU_COUNT).data("panic_cpu", PANIC_CPU);
    data("jiffies_64", JIFFIES).data("tick_nsec", TICK).data("avenrun", LOADS);
    data("tainted_mask", TAINTS).data("_totalram_pages", RAM).data("modules", MODULES);
    data("__start_BTF", BTF).data("__stop_BTF", BTF + types.length).data("init_task", INIT_TASK);
    dump.u64(PID_NAMESPACE, NODE + 2).u64(MASK, 3).u32(CPU_COUNT, CPUS);
    dump.u64(JIFFIES, 0xffff_ffffL - 300 * 250 + 1 + 10 * 250).u64(TICK, 4_000_000);
    dump.u64(LOADS, 2048 + 1024).u64(LOADS + 8, 205).u64(LOADS + 16, 0);
    dump.u64(TAINTS, 1 << 12 | 1 << 13).u64(RAM, 0x8000);
    for (int cpu = 0; cpu < CPUS; cpu++) {
      dump.u64(OFFSETS + 8L * cpu, CPU_AREAS + 0x1000L * cpu);
      long idle = cpu == 0 ? INIT_TASK : task(0, 0, "swapper/" + cpu, INIT_TASK);
      fill(idle, 0, 0, "swapper/" + cpu, INIT_TASK);
      dump.u32(idle + 8, cpu).u64(queue(cpu), idle).u64(queue(cpu) + 8, idle);
    }
    processes.add(INIT_TASK);
  }

  /** A variable's symbol. */
  public TasksKernel data(String name, long address) {
    symbols.add(address, 'D', name);
    return this;
  }

  /** The symbol of a place in each CPU's area. */
  public TasksKernel perCpu(String name, long offset) {
    symbols.add(offset, 'A', name);
    return this;
  }

  /** A function's symbol. */
  public TasksKernel function(String name, long address) {
    symbols.add(address, 'T', name);
    return this;
  }

  /** Where a task's stack begins, and its stack pointer while it sleeps. */
  public TasksKernel stack(long task, long stack, long pointer) {
    dump.u64(task + 24, stack).u64(task + 192, pointer);
    return this;
  }

  private static long queue(int cpu) {
    return CPU_AREAS + 0x1000L * cpu + RUNQUEUES;
  }

  /** The memory, to bend it. */
  public KernelDump memory() {
    return dump;
  }

  /** A process and its first thread; its address. */
  public long process(int pid, String comm) {
    return process(pid, comm, INIT_TASK);
  }

  /** A process with this parent; its address. */
  public long process(int pid, String comm, long parent) {
    long task = task(pid, pid, comm, parent);
    processes.add(task);
    pid(task);
    return task;
  }

  /** Another thread of a process; its address. */
  public long thread(int pid, int tgid, String comm, long leader) {
    long task = task(pid, tgid, comm, INIT_TASK);
    long head = task + TASK_SIZE; // its own, not used
    long signal = leader + TASK_SIZE;
    dump.u64(task + 104, signal).u64(head, head);
    dump.u64(signal, leader + THREAD_NODE).u64(signal + 8, task + THREAD_NODE);
    node(leader + THREAD_NODE, task + THREAD_NODE, signal);
    node(task + THREAD_NODE, signal, leader + THREAD_NODE);
    pid(task);
    return task;
  }

  private void node(long at, long nextNode, long before) {
    dump.u64(at, nextNode).u64(at + 8, before);
  }

  private long task(int pid, int tgid, String comm, long parent) {
    long task = next;
    next += 0x200;
    fill(task, pid, tgid, comm, parent);
    return task;
  }

  private void fill(long task, int pid, int tgid, String comm, long parent) {
    long signal = task + TASK_SIZE;
    dump.u32(task + 44, pid).u32(task + 48, tgid).u64(task + 56, parent);
    dump.text(task + COMM, comm).u64(task + 104, signal);
    node(signal, task + THREAD_NODE, task + THREAD_NODE);
    node(task + THREAD_NODE, signal, signal);
  }

  /** The address of so many bytes for something else. */
  public long room(int size) {
    long room = next;
    next += size;
    return room;
  }

  private void pid(long task) {
    long pid = next;
    next += 0x40;
    dump.u64(pid, task + PID_LINKS).u64(NODE + 16 + 8L * pids++, pid);
  }

  /** {@code task} doesn't stand in the table of pids. */
  public TasksKernel withoutPid(int index) {
    dump.u64(NODE + 16 + 8L * index, 0);
    return this;
  }

  /** A task's {@code __state} and {@code exit_state}. */
  public TasksKernel state(long task, int state, int exitState) {
    dump.u32(task + 16, state).u32(task + 40, exitState);
    return this;
  }

  /** {@code cpu} ran {@code task}. */
  public TasksKernel running(int cpu, long task) {
    dump.u64(queue(cpu), task).u32(task + 8, cpu).u64(task + 64, OBJECTS);
    return this;
  }

  /** A module of two areas of memory, loaded behind those before; its address. */
  public long module(String name, long base, int size, long taints, int references) {
    long module = next;
    next += 0x200;
    dump.text(module + 24, name).u64(module + 80, taints).u32(module + 88, 1L + references);
    dump.u64(module + 96, base).u32(module + 104, size);
    dump.u64(module + 112, base + 0x10_0000).u32(module + 120, 0x1000);
    dump.u64(module + 96 + 4 * 16, base + 0x20_0000).u32(module + 104 + 4 * 16, 0x7000);
    modules.addFirst(module);
    return module;
  }

  /** The dump. */
  public DumpBuilder dump() {
    ring(INIT_TASK + TASKS, processes.subList(1, processes.size()), TASKS);
    ring(MODULES, modules, MODULE_LIST);
    return bent();
  }

  /** The dump; the lists are as they were bent. */
  public DumpBuilder bent() {
    symbols.writeTo(dump);
    return dump.truncatedTo(next + 0x1000).dump();
  }

  /** Links the lists, which may be bent then. */
  public TasksKernel linked() {
    ring(INIT_TASK + TASKS, processes.subList(1, processes.size()), TASKS);
    ring(MODULES, modules, MODULE_LIST);
    return this;
  }

  private void ring(long head, List<Long> objects, int member) {
    long before = head;
    for (long object : objects) {
      dump.u64(before, object + member).u64(object + member + 8, before);
      before = object + member;
    }
    dump.u64(before, head).u64(head + 8, before);
  }

  private static byte[] types() {
    BtfBuilder types = new BtfBuilder();
    int number = types.signed("int", 4);
    int u32 = types.unsigned("unsigned int", 4);
    int u64 = types.unsigned("long unsigned int", 8);
    int character = types.signed("char", 1);
    int any = types.pointer(0);
    int list = types.struct("list_head", 16).member("next", any, 0).member("prev", any, 8).end();
    int hnode = types.struct("hlist_node", 16).member("next", any, 0).member("pprev", any, 8).end();
    int hhead = types.struct("hlist_head", 8).member("first", any, 0).end();
    int info = types.struct("thread_info", 16).member("flags", u64, 0).member("cpu", u32, 8).end();
    int thread = types.struct("thread_struct", 16).member("sp", u64, 0).end();
    types
        .struct("task_struct", TASK_SIZE)
        .member("thread_info", info, 0)
        .member("__state", u32, 16)
        .member("stack", any, 24)
        .member("flags", u32, 32)
        .member("on_cpu", number, 36)
        .member("exit_state", number, 40)
        .member("pid", number, 44)
        .member("tgid", number, 48)
        .member("real_parent", any, 56)
        .member("mm", any, 64)
        .member("tasks", list, TASKS)
        .member("thread_node", list, THREAD_NODE)
        .member("signal", any, 104)
        .member("pid_links", types.array(hnode, 4), PID_LINKS)
        .member("comm", types.array(character, COMM_SIZE), COMM)
        .member("thread", thread, 192)
        .end();
    locks(types, list, u64, any);
    types
        .struct("pcpu_chunk", 32)
        .member("list", list, 0)
        .member("base_addr", any, 16)
        .member("nr_pages", number, 24)
        .end();
    types.struct("signal_struct", 16).member("thread_head", list, 0).end();
    types.struct("pid", 32).member("tasks", types.array(hhead, 4), 0).end();
    types
        .struct("xa_node", 16 + 8 * SLOTS)
        .member("shift", u64, 0)
        .member("slots", types.array(any, SLOTS), 16)
        .end();
    int array = types.struct("xarray", 8).member("xa_head", any, 0).end();
    int idr = types.struct("idr", 8).member("idr_rt", array, 0).end();
    types.struct("pid_namespace", 8).member("idr", idr, 0).end();
    types.struct("rq", 16).member("curr", any, 0).member("idle", any, 8).end();
    int area =
        types.struct("module_memory", 16).member("base", any, 0).member("size", u32, 8).end();
    int count = types.struct("", 4).member("counter", number, 0).end();
    types.enumeration("mod_mem_type", false).value("MOD_TEXT", 0).value("MOD_INIT_TEXT", 4).end();
    types
        .struct("module", MODULE_SIZE)
        .member("state", u32, 0)
        .member("list", list, MODULE_LIST)
        .member("name", types.array(character, 56), 24)
        .member("taints", u64, 80)
        .member("refcnt", count, 88)
        .member("mem", types.array(area, 7), 96)
        .end();
    return types.build();
  }

  private static void locks(BtfBuilder types, int list, int word, int any) {
    types.struct("mutex", 32).member("owner", word, 0).member("wait_list", list, 16).end();
    types.struct("mutex_waiter", 24).member("list", list, 0).member("task", any, 16).end();
    types
        .struct("rw_semaphore", 40)
        .member("count", word, 0)
        .member("owner", word, 8)
        .member("wait_list", list, 24)
        .end();
    types.struct("rwsem_waiter", 24).member("list", list, 0).member("task", any, 16).end();
  }
}
