package org.vmcore.cli;

import static org.vmcore.testing.KernelDump.BASE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vmcore.cli.fuzz.Seed;
import org.vmcore.cli.fuzz.SeedFile;
import org.vmcore.codec.Compression;
import org.vmcore.elf.ElfClass;
import org.vmcore.testing.CharacterRingBytes;
import org.vmcore.testing.DeviceCoreBytes;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Flattened;
import org.vmcore.testing.KallsymsBytes;
import org.vmcore.testing.KdumpBuilder;
import org.vmcore.testing.KernelDump;
import org.vmcore.testing.Packed;
import org.vmcore.testing.PageTables;
import org.vmcore.testing.PrintkRingBytes;
import org.vmcore.testing.Reading;
import org.vmcore.testing.RecordBufferBytes;
import org.vmcore.testing.S390DumpBuilder;
import org.vmcore.testing.SeekableZstd;

/** A small file of every format, version and envelope, for the fuzz of the command line. */
final class FuzzSeeds {
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
  private static final ByteOrder BE = ByteOrder.BIG_ENDIAN;
  private static final long KERNEL_END = BASE + 0x18000;
  private static final long VMALLOC = 0xffff_c900_0000_0000L;
  private static final int LIME_SPLIT = 0x6000;
  private static final int RECORD = 0x1100;

  private final List<Seed> seeds = new ArrayList<>();
  private final Path folder;

  private FuzzSeeds(Path folder) {
    this.folder = folder;
  }

  /** All of them; {@code folder} is used while they are made. */
  static List<Seed> all(Path folder) throws IOException {
    FuzzSeeds all = new FuzzSeeds(folder);
    all.elf();
    all.kdump();
    all.ram();
    all.envelopes();
    all.kernels();
    return all.seeds;
  }

  private void add(SeedFile file) {
    seeds.add(Seed.of(file));
  }

  private void elf() {
    add(SeedFile.of("elf64-le", Dumps.small()));
    for (ElfClass each : ElfClass.values()) {
      for (ByteOrder order : List.of(LE, BE)) {
        add(SeedFile.of("elf" + each.bits() + "-" + order, mixed(DumpBuilder.of(each, order))));
      }
    }
    for (ElfClass each : ElfClass.values()) {
      add(SeedFile.of("device" + each.bits(), device(DeviceCoreBytes.segments(each, LE))));
      add(SeedFile.of("sections" + each.bits(), device(DeviceCoreBytes.sections(each, LE))));
    }
    add(SeedFile.of("elf-last", mixed(DumpBuilder.elf64().programHeadersLast())));
    add(SeedFile.of("elf-counted", mixed(DumpBuilder.elf64().extendedCount())));
    DumpBuilder kcore = mixed(DumpBuilder.elf64()).load(0x10000, 0x2000).vaddr(VMALLOC);
    add(SeedFile.of("elf-kcore", kcore.field("p_paddr", -1)));
    add(SeedFile.of("elf-cut", mixed(DumpBuilder.elf64()).truncateAt(0x4000)));
  }

  private static byte[] device(DeviceCoreBytes core) {
    return core.add("text", 0x1000_0000, DumpBuilder.pattern(1, 0x1001))
        .add("data", 0x8000_1003L, DumpBuilder.pattern(7, 0x2345))
        .add("", 0x9000_0000L, new byte[0])
        .bytes();
  }

  private static DumpBuilder mixed(DumpBuilder dump) {
    return dump.noteArea(0x200)
        .prstatus(4711, 11, 1, 2, 3)
        .noteArea(0x800)
        .vmcoreinfo("OSRELEASE=6.1.0", "PAGESIZE=4096", "CRASHTIME=1", "KERNELOFFSET=1000000")
        .vmcoredd("nic0", new byte[0x100])
        .qemuCpuState(0xaa)
        .load(0x1100, 0x2300)
        .vaddr(0xc000_1100L)
        .load(0x3000, 0x1000)
        .load(0x5800, 0x800)
        .memsz(0x1800)
        .excluded(0x9000, 0x2000);
  }

  private void kdump() {
    for (int version = 1; version <= 6; version++) {
      add(SeedFile.of("kdump-v" + version, pages(KdumpBuilder.le64().version(version)), LE));
    }
    add(SeedFile.of("kdump-diskdump", pages(KdumpBuilder.le64().diskdump().oneBitmap()), LE));
    add(SeedFile.of("kdump-32", pages(KdumpBuilder.le32()), LE));
    add(SeedFile.of("kdump-arm", pages(KdumpBuilder.le32().padded().machine("armv7l")), LE));
    add(SeedFile.of("kdump-32-be", pages(KdumpBuilder.of(ElfClass.ELF32, BE)), BE));
    add(SeedFile.of("kdump-64-be", pages(KdumpBuilder.of(ElfClass.ELF64, BE)), BE));
    SeedFile first = SeedFile.of("kdump-part1", pages(KdumpBuilder.le64().part(0, 4)), LE);
    SeedFile second = SeedFile.of("kdump-part2", pages(KdumpBuilder.le64().part(4, 12)), LE);
    seeds.add(
        new Seed(List.of(first, second), List.of("--part", "{kdump-part2}", "{kdump-part1}")));
  }

  private static KdumpBuilder pages(KdumpBuilder dump) {
    return dump.vmcoreinfo("OSRELEASE=6.1.0", "PAGESIZE=4096", "SYMBOL(init_uts_ns)=2000")
        .page(2, new byte[4096], Compression.ZLIB)
        .page(3, Compression.RAW)
        .excluded(4)
        .same(5, 3)
        .page(6, Arrays.copyOf(DumpBuilder.pattern(0, 100), 4096), Compression.ZLIB)
        .page(7, Arrays.copyOf(DumpBuilder.pattern(0, 100), 4096), Compression.LZO1X)
        .page(8, Arrays.copyOf(DumpBuilder.pattern(0, 100), 4096), Compression.SNAPPY)
        .page(9, Arrays.copyOf(DumpBuilder.pattern(0, 100), 4096), Compression.ZSTD);
  }

  private void ram() throws IOException {
    String map = "0-0xafff@0";
    byte[] lime = Files.readAllBytes(limeOf(Ram.of(Ram.machine())));
    add(limeFile("lime", lime));
    byte[] raw = Ram.of(Ram.machine()).bytes(0, Ram.SIZE);
    add(s390File("s390", new S390DumpBuilder(raw).cpu(0x2000).build()));
    add(s390File("s390-extended", new S390DumpBuilder(raw).segment(0x1000, 0x4000).build()));
    seeds.add(new Seed(List.of(SeedFile.of("raw", raw)), List.of("--ram-map", map, "{raw}")));
    SeedFile crashed =
        elfcorehdr(SeedFile.of("oldmem", Ram.crashed().bytes(0, Ram.SIZE)), Ram.HEADERS);
    seeds.add(new Seed(List.of(crashed), List.of("--oldmem", "{oldmem}")));
    seeds.add(
        new Seed(List.of(crashed), List.of("--oldmem", "{oldmem}", "--elfcorehdr", "0xa000")));
    SeedFile headers = elfcorehdr(SeedFile.of("headers", Ram.headers(Ram.machine())), 0);
    seeds.add(
        new Seed(
            List.of(SeedFile.of("oldmem-bare", raw), headers),
            List.of("--oldmem", "{oldmem-bare}", "--elfcorehdr-file", "{headers}")));
    int half = Ram.SIZE / 2;
    seeds.add(
        new Seed(
            List.of(
                SeedFile.of("bank0", Ram.crashed().bytes(0, half)),
                SeedFile.of("bank1", Ram.crashed().bytes(half, Ram.SIZE))),
            List.of(
                "--oldmem",
                "{bank0}",
                "--oldmem",
                "{bank1}",
                "--ram-map",
                "0-0x57ff@0,0x5800-0xafff@bank1:0")));
    SeedFile limed = limeFile("oldmem-lime", Files.readAllBytes(limeOf(Ram.crashed())));
    seeds.add(new Seed(List.of(limed), List.of("--oldmem", "{oldmem-lime}")));
    String iomem =
        """
        00001100-00009fff : System RAM
          00005000-00005fff : Kernel code
        0000a000-0000afff : Reserved
        10000000-1fffffff : Crash kernel
        """;
    SeedFile memory = SeedFile.of("iomem", iomem.getBytes(StandardCharsets.US_ASCII));
    SeedFile cpus = SeedFile.of("notes", "cpu0 4000 368\n".getBytes(StandardCharsets.US_ASCII));
    seeds.add(
        new Seed(
            List.of(memory, cpus, SeedFile.of("first", raw)),
            List.of("--iomem", "{iomem}", "--crash-notes", "{notes}", "--oldmem", "{first}")));
  }

  private Path limeOf(Ram ram) throws IOException {
    return ram.writeLime(folder.resolve("made"), 0, LIME_SPLIT);
  }

  private static SeedFile limeFile(String name, byte[] bytes) {
    int second = 32 + LIME_SPLIT;
    return SeedFile.of(name, bytes)
        .withNumbers(0, 4, 4, 8, 8, 8)
        .withNumbers(second, 4, 4, 8, 8, 8);
  }

  private static SeedFile s390File(String name, byte[] bytes) {
    return SeedFile.of(name, bytes)
        .withNumbers(0, 8, 4, 4, 4, 4, 8, 8, 8, 4, 4, 8, 8, 4, 4, 4, 8, 1, 2, 2)
        .withNumbers(0x200, 8)
        .withNumbers(0x800, 4)
        .withNumbers(0x1000, 8, 8, 8);
  }

  private static SeedFile elfcorehdr(SeedFile file, int at) {
    SeedFile with = file.withNumbers(at + 16L, 2, 2, 4, 8, 8, 8, 4, 2, 2, 2, 2, 2, 2);
    int count = ByteBuffer.wrap(file.bytes()).order(LE).getShort(at + 56);
    for (int i = 0; i < count; i++) {
      with = with.withNumbers(at + 64L + 56L * i, 4, 4, 8, 8, 8, 8, 8, 8);
    }
    return with;
  }

  private void envelopes() {
    byte[] elf = Dumps.small().build();
    byte[] kdump = pages(KdumpBuilder.le64()).build();
    add(SeedFile.flattened("flat-elf", elf, RECORD));
    add(SeedFile.flattened("flat-kdump", kdump, RECORD));
    add(SeedFile.of("gzip-elf", Dumps.small()).packed(Packed::gzip));
    add(SeedFile.of("zstd-kdump", pages(KdumpBuilder.le64()), LE).packed(Packed::zstd));
    add(SeedFile.of("seekable-elf", Dumps.small()).packed(b -> SeekableZstd.of(b, RECORD)));
    add(
        SeedFile.of("gzip-flat-kdump", pages(KdumpBuilder.le64()), LE)
            .packed(b -> Packed.gzip(Flattened.of(b, RECORD))));
    add(
        SeedFile.of("frames-elf", elf)
            .packed(
                b ->
                    Packed.join(
                        Packed.zstd(Arrays.copyOf(b, b.length / 2)),
                        Packed.zstd(Arrays.copyOfRange(b, b.length / 2, b.length)))));
  }

  private void kernels() throws IOException {
    Path sample = Contract.FOLDER.resolveSibling("samples/dumps/kernel.vmcore");
    add(SeedFile.of("kernel", Files.readAllBytes(sample)));
    add(SeedFile.of("rprocs", Files.readAllBytes(sample.resolveSibling("remoteproc.vmcore"))));
    add(SeedFile.of("types", Files.readAllBytes(sample.resolveSibling("types.vmcore"))));
    KernelDump ring = new KernelDump().truncatedTo(KERNEL_END);
    new PrintkRingBytes(ring, 2, 8, -3)
        .add(1, 5, "Linux version")
        .add(2, 3, "two\nlines \u00e9\u001b")
        .add(3, 4, "")
        .add(4, 0, "Kernel panic - not syncing: fuzz")
        .add(5, 5, "last");
    new KallsymsBytes(KallsymsBytes.Scheme.PERCPU_SIGNED)
        .add(BASE + 0x1000, 'T', "_stext")
        .add(BASE + 0x6800, 'D', "linux_banner")
        .functions(BASE + 0x2000, 40)
        .writeTo(ring);
    ring.text(BASE + 0x6800, "Linux version 6.1.0 (a compiler) #1\n");
    add(SeedFile.of("kernel-ring", ring.infoSymbol("_stext", BASE + 0x1000).dump()));
    for (ByteOrder order : List.of(LE, BE)) {
      KernelDump big = new KernelDump(ElfClass.ELF32, order).truncatedTo(KERNEL_END);
      new PrintkRingBytes(big, 2, 8, -3).add(1, 5, "Linux version").add(2, 3, "more");
      add(SeedFile.of("kernel-32-" + order, big.dump()));
    }
    KernelDump buffer = new KernelDump().truncatedTo(BASE + 0x80400);
    new RecordBufferBytes(buffer, "printk_log", 0x400, true)
        .first(0x300)
        .add(1, 6 << 5, 1, "first")
        .wrap()
        .add(2, 6 << 5, 1, "second");
    add(SeedFile.of("kernel-records", buffer.dump()));
    KernelDump characters = new KernelDump().truncatedTo(BASE + 0x80400);
    new CharacterRingBytes(characters, 0x300).add("<5>[    1.500000] Linux\n<30>x\nno level\n");
    add(SeedFile.of("kernel-characters", characters.dump()));
    tables("tables-x86", PageTables.x86(39, 30, 21, 12), 62);
    tables("tables-arm64", PageTables.arm64(48, 39, 30, 21, 12), 183);
  }

  private void tables(String name, PageTables tables, int machine) throws IOException {
    tables.map(BASE + 0x10000, 0x10000, 12).map(BASE + 0x20_0000, 0x20_0000, 21);
    byte[] memory = Reading.bytes(tables.memory(), 0, 0x18000);
    add(
        SeedFile.of(
            name,
            DumpBuilder.elf64()
                .machine(machine)
                .vmcoreinfo(
                    "PAGESIZE=4096",
                    "SYMBOL(swapper_pg_dir)=ffffffff81010000",
                    "NUMBER(phys_base)=-16777216",
                    "NUMBER(VA_BITS)=48",
                    "NUMBER(kimage_voffset)=0xffffffff81000000")
                .load(0, memory)
                .vaddr(Dumps.DIRECT_MAP)));
  }
}
