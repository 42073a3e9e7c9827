package org.vmcore.samples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.vmcore.arch.Machine;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KallsymsBytes;
import org.vmcore.testing.KernelDump;
import org.vmcore.testing.PrintkRingBytes;

/** The sample dumps that are shipped: small, and each with something to see. */
public final class Samples {
  private static final long DIRECT_MAP = 0xffff_8880_0000_0000L;
  private static final long KERNEL_TEXT = 0xffff_ffff_8100_0000L;
  private static final long ARM64_DIRECT_MAP = 0xffff_0000_0000_0000L;

  private Samples() {}

  /**
   * Writes them to a folder.
   *
   * @param args the folder
   * @throws IOException when one can't be written
   */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    for (Map.Entry<String, DumpBuilder> sample : all().entrySet()) {
      sample.getValue().writeTo(folder.resolve(sample.getKey()));
    }
    for (Map.Entry<String, byte[]> sample : PackedSamples.all().entrySet()) {
      Files.write(folder.resolve(sample.getKey()), sample.getValue());
    }
    StructPagesSample.writeTo(folder.resolve(StructPagesSample.NAME));
  }

  /** The samples by file name. */
  static Map<String, DumpBuilder> all() {
    Map<String, DumpBuilder> all = new LinkedHashMap<>();
    all.put("x86_64.vmcore", x86());
    all.put("arm64-64k.vmcore", arm64());
    all.put("filtered.vmcore", filtered());
    all.put("kernel.vmcore", kernel());
    all.put("paged.vmcore", KernelSamples.paged());
    all.put("modules.vmcore", KernelSamples.modules());
    all.put("tasks.vmcore", KernelSamples.tasks());
    all.put("types.vmcore", KernelSamples.types());
    all.put("remoteproc.vmcore", RemoteprocSample.dump());
    all.put("truncated.vmcore", x86().truncateAt(0x8800));
    return all;
  }

  /**
   * As the first kernel left its notes: one PT_NOTE for each CPU, of which the third never started,
   * and one for VMCOREINFO. RAM begins and ends inside of pages, and two areas share one page.
   */
  private static DumpBuilder x86() {
    return DumpBuilder.elf64()
        .noteArea(0x170)
        .prstatus(4711, 0, registers(KERNEL_TEXT + 0x1234, DIRECT_MAP + 0x7f00))
        .noteArea(0x170)
        .prstatus(0, 0, registers(KERNEL_TEXT + 0x5678, DIRECT_MAP + 0x9f00))
        .noteArea(0x170)
        .noteArea(0x1024)
        .vmcoreinfo(
            "OSRELEASE=6.1.0-sample-amd64",
            "PAGESIZE=4096",
            "SYMBOL(_stext)=ffffffff81000000",
            "SYMBOL(init_uts_ns)=ffffffff81002000",
            "OFFSET(uts_namespace.name)=4",
            "NUMBER(phys_base)=0",
            "KERNELOFFSET=0",
            "CRASHTIME=1700000000")
        .load(0x100_0000, text("kernel text", 0x3000))
        .vaddr(KERNEL_TEXT)
        .load(0x1000, text("low memory", 0x2c00))
        .vaddr(DIRECT_MAP + 0x1000)
        .load(0x8200, text("first of two areas in one page", 0x300))
        .vaddr(DIRECT_MAP + 0x8200)
        .load(0x8a00, text("second of two areas in one page", 0x2600))
        .vaddr(DIRECT_MAP + 0x8a00);
  }

  private static DumpBuilder arm64() {
    return DumpBuilder.elf64()
        .machine(Machine.ARM64)
        .pageSize(0x1_0000)
        .noteArea(0x1a8)
        .prstatus(1, 11)
        .noteArea(0x1024)
        .vmcoreinfo("OSRELEASE=6.12.0-sample-arm64-64k", "PAGESIZE=65536", "CRASHTIME=1700000000")
        .load(0x4000_1000, text("from inside of a page to the next", 0x1_8000))
        .vaddr(ARM64_DIRECT_MAP + 0x1000);
  }

  /** As {@code makedumpfile -E -d 31} writes: packed, and pages left out at the segments' ends. */
  private static DumpBuilder filtered() {
    return DumpBuilder.elf64()
        .packed()
        .prstatus(4711, 0)
        .vmcoreinfo("OSRELEASE=6.1.0-sample-amd64", "PAGESIZE=4096", "CRASHTIME=1700000000")
        .load(0x10_0000, text("kept pages, then free ones", 0x2000))
        .vaddr(DIRECT_MAP + 0x10_0000)
        .memsz(0x8000)
        .excluded(0x10_8000, 0x4000)
        .vaddr(DIRECT_MAP + 0x10_8000)
        .load(0x10_c000, text("kept again", 0x1000))
        .vaddr(DIRECT_MAP + 0x10_c000);
  }

  /** A kernel's symbols and its log, found through VMCOREINFO. */
  private static DumpBuilder kernel() {
    long text = KernelDump.BASE + 0x1000;
    long name = KernelDump.BASE + 0x5000;
    long modules = KernelDump.BASE + 0x5800;
    KernelDump dump = new KernelDump().info("CRASHTIME=1700000000").infoSymbol("_stext", text);
    dump.infoSymbol("init_uts_ns", name).info("OFFSET(uts_namespace.name)=0");
    dump.text(name, "Linux").text(name + 65, "sample").text(name + 130, "6.1.0-test");
    dump.text(name + 195, "#1 SMP Sample").text(name + 260, "x86_64").text(name + 325, "(none)");
    dump.u64(modules, modules).u64(modules + 8, modules);
    new KallsymsBytes(KallsymsBytes.Scheme.PERCPU_SIGNED)
        .add(0x1c80, 'A', "current_task")
        .add(text, 'T', "_stext")
        .add(text + 0x10, 'T', "panic")
        .add(text + 0x200, 't', "sysrq_handle_crash")
        .add(text + 0x240, 't', "sysrq_handle_reboot")
        .functions(text + 0x400, 400)
        .add(name, 'D', "init_uts_ns")
        .add(modules, 'D', "modules")
        .add(KernelDump.BASE + 0x6000, 'B', "_end")
        .writeTo(dump);
    new PrintkRingBytes(dump, 4, 10, 0)
        .add(0, 5, "Linux version 6.1.0-test (sample)")
        .add(1_234_567_000L, 6, "sysrq: Trigger a crash")
        .add(1_234_600_000L, 0, "Kernel panic - not syncing: sysrq triggered crash");
    return dump.truncatedTo(PrintkRingBytes.DATA + 0x1000).dump();
  }

  /** rip is the 17th of x86_64's registers, rsp the 20th. */
  private static long[] registers(long rip, long rsp) {
    long[] all = new long[27];
    all[16] = rip;
    all[17] = 0x10;
    all[18] = 0x246;
    all[19] = rsp;
    return all;
  }

  /** Bytes that say what they are. */
  private static byte[] text(String what, int size) {
    byte[] line = (what + '\n').getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = line[i % line.length];
    }
    return bytes;
  }
}
