package org.vmcore.debuginfo;

import static org.vmcore.testing.KernelDump.BASE;

import java.nio.charset.StandardCharsets;
import org.vmcore.testing.KallsymsBytes;
import org.vmcore.testing.KallsymsBytes.Scheme;
import org.vmcore.testing.KernelDump;

/** A kernel with the symbols that linker scripts put at the ends of sections. */
final class DebugInfoKernel {
  /** How far it was moved. */
  static final long MOVED = 0x10_0000;

  static final long TEXT = BASE + 0x1000;
  static final long RODATA = BASE + 0x3000;
  static final long NOTES = BASE + 0x3800;

  /** Behind the tables of kallsyms. */
  static final long DATA = BASE + 0x1_0000;

  static final long INIT = BASE + 0x2_0000;
  static final long BSS = BASE + 0x3_0000;
  static final long END = BASE + 0x5_0000;

  private final KernelDump memory = new KernelDump();
  private final KallsymsBytes symbols = new KallsymsBytes(Scheme.PERCPU_SIGNED);

  DebugInfoKernel() {
    add(0, 'A', "__per_cpu_start").add(0x40, 'A', "counter").add(0x100, 'A', "__per_cpu_end");
    add(TEXT, 'T', "_text").add(TEXT, 'T', "_stext").add(TEXT + 0x10, 't', "helper");
    add(TEXT + 0x40, 'W', "weak").add(TEXT + 0x1800, 'T', "_etext");
    add(RODATA, 'R', "__start_rodata").add(RODATA + 0x100, 'R', "linux_banner");
    add(NOTES, 'R', "__start_notes").add(NOTES + 36, 'R', "__stop_notes");
    add(RODATA + 0x1000, 'R', "__end_rodata");
    add(DATA, 'D', "_sdata")
        .add(DATA + 0x40, 'D', "init_task")
        .add(DATA + 0x80, 'd', "table")
        .add(DATA + 0x1000, 'D', "_edata");
    add(INIT, 'T', "__init_begin").add(INIT, 'T', "_sinittext").add(INIT + 0x10, 't', "setup");
    add(INIT + 0x1000, 'T', "_einittext").add(INIT + 0x4000, 'D', "__init_end");
    add(BSS, 'B', "__bss_start").add(BSS + 0x1_0000, 'B', "__bss_stop");
    add(BSS + 0x1_0000, 'B', "__brk_base").add(END, 'B', "_end");
    memory.infoSymbol("_stext", TEXT).info("KERNELOFFSET=" + Long.toHexString(MOVED));
    memory.text(RODATA + 0x100, "Linux version 6.1.0-test");
    for (long at = TEXT; at < TEXT + 0x1800; at++) {
      memory.u8(at, 0xcc);
    }
    memory.u64(DATA + 0x80, 0x1122_3344_5566_7788L).u64(INIT + 0x10, -1);
    memory.u32(NOTES, 4).u32(NOTES + 4, 20).u32(NOTES + 8, 3);
    memory.bytes(NOTES + 12, "GNU\0abcdefghijklmnopqrst".getBytes(StandardCharsets.US_ASCII));
  }

  DebugInfoKernel add(long address, char type, String name) {
    symbols.add(address, type, name);
    return this;
  }

  /** The kernel's memory, with its symbols. */
  KernelDump memory() {
    return symbols.writeTo(memory);
  }
}
