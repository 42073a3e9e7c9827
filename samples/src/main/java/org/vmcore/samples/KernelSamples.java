package org.vmcore.samples;

import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KallsymsBytes;
import org.vmcore.testing.KernelDump;
import org.vmcore.testing.PageTables;
import org.vmcore.testing.Reading;

/** Dumps of kernels with page tables, and with a module. */
final class KernelSamples {
  private static final long DIRECT_MAP = 0xffff_8880_0000_0000L;
  private static final long IMAGE = 0xffff_ffff_8100_0000L;
  private static final long VMALLOC = 0xffff_c900_0000_0000L;
  private static final int TABLES_END = 0x18000;

  private static final long TEXT = KernelDump.BASE + 0x1000;
  private static final long LIST = KernelDump.BASE + 0x5010;
  private static final long MODULE = KernelDump.BASE + 0x10000;

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
}
