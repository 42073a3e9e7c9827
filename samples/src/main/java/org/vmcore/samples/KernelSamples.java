package org.vmcore.samples;

import static org.vmcore.testing.StacksKernel.ENTRY;
import static org.vmcore.testing.StacksKernel.FAULT;
import static org.vmcore.testing.StacksKernel.FORK;
import static org.vmcore.testing.StacksKernel.SCHEDULE;
import static org.vmcore.testing.StacksKernel.UNKNOWN;
import static org.vmcore.testing.StacksKernel.WORKER;

import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.BtfBuilder;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KallsymsBytes;
import org.vmcore.testing.KernelDump;
import org.vmcore.testing.PageTables;
import org.vmcore.testing.PrintkRingBytes;
import org.vmcore.testing.Reading;
import org.vmcore.testing.StacksKernel;
import org.vmcore.testing.TasksKernel;

/** Dumps of kernels with page tables, with a module, with types. */
final class KernelSamples {
  private static final long DIRECT_MAP = 0xffff_8880_0000_0000L;
  private static final long IMAGE = 0xffff_ffff_8100_0000L;
  private static final long VMALLOC = 0xffff_c900_0000_0000L;
  private static final int TABLES_END = 0x18000;

  private static final long TEXT = KernelDump.BASE + 0x1000;
  private static final long LIST = KernelDump.BASE + 0x5010;
  private static final long MODULE = KernelDump.BASE + 0x10000;
  private static final long TYPES = KernelDump.BASE + 0x10000;

  /** Where this kernel's struct module has the pointer to mod_kallsyms. */
  private static final int KALLSYMS = 0x1c8;

  private KernelSamples() {}

  /** Page tables of four levels: the root in the kernel's image, and two pages of vmalloc. */
  static DumpBuilder paged() {
    PageTables tables =
        PageTables.x86(39, 30, 21, 12)
            .map(IMAGE + 0x10000, 0x10000, 12)
            .map(VMALLOC, 0x5000, 12)
            .map(VMALLOC + 0x1000, 0x3000, 12);
    try {
      return DumpBuilder.elf64()
          .vmcoreinfo(
              "OSRELEASE=6.1.0-sample-amd64",
              "PAGESIZE=4096",
              "SYMBOL(swapper_pg_dir)=ffffffff81010000",
              "NUMBER(phys_base)=-16777216",
              "SYMBOL(greeting)=ffffc90000000ffe")
          .load(0, Reading.bytes(tables.memory(), 0, TABLES_END))
          .vaddr(DIRECT_MAP);
    } catch (VmcoreException e) {
      throw new AssertionError("the tables' memory can be read", e);
    }
  }

  /** A kernel with one module, which has one function. */
  static DumpBuilder modules() {
    KernelDump dump = new KernelDump().infoSymbol("_stext", TEXT);
    new KallsymsBytes(KallsymsBytes.Scheme.PERCPU_SIGNED)
        .add(TEXT, 'T', "_stext")
        .add(LIST, 'D', "modules")
        .add(KernelDump.BASE + 0x6000, 'D', "_edata")
        .writeTo(dump);
    dump.u64(LIST, MODULE + 8).u64(LIST + 8, MODULE + 8);
    dump.u64(MODULE + 8, LIST).u64(MODULE + 16, LIST).text(MODULE + 24, "sample");
    long own = MODULE + KALLSYMS + 8;
    long symbol = MODULE + 0x1000 + 24;
    dump.u64(MODULE + KALLSYMS, own);
    dump.u64(own, MODULE + 0x1000).u32(own + 8, 2);
    dump.u64(own + 16, MODULE + 0x2000).u64(own + 24, MODULE + 0x3000);
    dump.text(MODULE + 0x2001, "sample_init").u8(MODULE + 0x3001, 't');
    dump.u32(symbol, 1).u16(symbol + 6, 1).u64(symbol + 8, MODULE + 0x4000).u64(symbol + 16, 0x80);
    return dump.truncatedTo(MODULE + 0x5000).dump();
  }

  /**
   * A kernel with types, tasks and their stacks, a module, and a log: one process panicked, another
   * waits, a kernel thread is stuck.
   */
  static DumpBuilder tasks() {
    StacksKernel kernel = new StacksKernel();
    TasksKernel tasks = kernel.tasks();
    long init = tasks.process(1, "init");
    long culprit = tasks.process(20, "culprit", init);
    long worker = tasks.process(3, "kworker/0:1");
    tasks.state(worker, 2, 0).running(0, culprit);
    tasks.module("sample", KernelDump.BASE + 0x18_0000, 0x2000, 1 << 12, 0);
    new PrintkRingBytes(kernel.memory(), 4, 10, 0)
        .add(0, 5, "Linux version 6.12.0-sample")
        .add(1_500_000_000L, 4, "sample: loading out-of-tree module taints kernel.")
        .add(9_200_000_000L, 0, "Kernel panic - not syncing: sample");
    long pointer = kernel.sleeping(init, SCHEDULE + 5, 0, ENTRY + 6);
    kernel.user(pointer + 9 * 8, 0x40_1000, 0x7ffc_0000_1000L);
    kernel.sleeping(worker, SCHEDULE + 5, 0, WORKER + 6, 0, 0, FORK + 7);
    kernel.sleeping(TasksKernel.INIT_TASK, UNKNOWN + 5, WORKER + 6);
    pointer = kernel.sleeping(culprit, SCHEDULE + 5);
    kernel.words(pointer, SCHEDULE + 9, 0, ENTRY + 6).user(pointer + 24, 0x40_2000, 0x7ffc_0000);
    return kernel.dump(20, FAULT + 3, pointer);
  }

  /** A kernel with types, and an object of one of them. */
  static DumpBuilder types() {
    KernelDump dump = new KernelDump().infoSymbol("_stext", TEXT);
    byte[] types = structures().build();
    new KallsymsBytes(KallsymsBytes.Scheme.PERCPU_SIGNED)
        .add(TEXT, 'T', "_stext")
        .add(TEXT + 0x40, 'T', "sample_work")
        .add(LIST, 'D', "sample_item")
        .add(TYPES, 'R', "__start_BTF")
        .add(TYPES + types.length, 'R', "__stop_BTF")
        .writeTo(dump);
    dump.bytes(TYPES, types);
    dump.u64(LIST, LIST).u64(LIST + 8, LIST).text(LIST + 16, "first").u32(LIST + 32, 1);
    dump.u32(LIST + 36, 0x53).u32(LIST + 40, 7).u32(LIST + 44, 7).u64(LIST + 56, TEXT + 0x40);
    return dump.truncatedTo(TYPES + 0x1000).dump();
  }

  private static BtfBuilder structures() {
    BtfBuilder types = new BtfBuilder();
    int number = types.signed("int", 4);
    int word = types.unsigned("unsigned int", 4);
    int text = types.array(types.signed("char", 1), 16);
    int node = types.pointer(types.nextId() + 1);
    int list = types.struct("list_head", 16).member("next", node, 0).member("prev", node, 8).end();
    int state = types.enumeration("sample_state", false).value("OFF", 0).value("ON", 1).end();
    int flags = types.struct("", 4).bits("low", word, 0, 3).bits("high", word, 3, 29).end();
    int work = types.pointer(types.prototype(0, "", types.pointer(types.constant(list))));
    int numbers = types.array(types.typedef("number_t", number), 3);
    types
        .struct("sample_item", 128)
        .member("list", list, 0)
        .member("name", text, 16)
        .member("state", state, 32)
        .member("", flags, 36)
        .member("numbers", numbers, 40)
        .member("work", types.typedef("sample_work_t", work), 56)
        .member("behind", types.volatiles(number), 64)
        .member("rest", types.array(text, 0), 128)
        .end();
    types.function("sample_work", types.prototype(number, "item", node));
    return types;
  }
}
