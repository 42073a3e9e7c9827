package org.vmcore.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.arch.Arm64;
import org.vmcore.arch.DirectMap;
import org.vmcore.arch.PreparedArchitecture;
import org.vmcore.arch.X86_64;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.fdt.ChosenNode;
import org.vmcore.fdt.ChosenNodeTest;
import org.vmcore.fdt.DeviceTree;
import org.vmcore.fdt.DeviceTreeLayout;
import org.vmcore.fdt.RootCells;
import org.vmcore.fdt.TreeNode;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.AddressRange;
import org.vmcore.oldmem.FileOldMemory;
import org.vmcore.open.Search;
import org.vmcore.prepare.CrashPreparation.Backup;
import org.vmcore.prepare.CrashPreparation.KernelText;
import org.vmcore.scan.SearchBudget;
import org.vmcore.search.ElfcorehdrCandidate;
import org.vmcore.search.ElfcorehdrParser;
import org.vmcore.search.ElfcorehdrSearch;
import org.vmcore.search.Headers;
import org.vmcore.search.VmcoreInfoSearch;
import org.vmcore.search.VmcoreInfoSearch.VmcoreInfoNote;
import org.vmcore.testing.RealDumps;

/**
 * The RAM of machines that really crashed, in the folder that the system property or the variable
 * {@code VMCORE_UNPACKED} names.
 */
class RealPreparationTest {
  private static final long ARM_RAM = 0x40000000;

  private static ByteSource ram(String name) throws Exception {
    return ByteSource.open(RealDumps.file(name).resolve("oldmem.raw"));
  }

  private static FileOldMemory memory(ByteSource ram) {
    long start = ram.name().contains("arm-") ? ARM_RAM : 0;
    return new FileOldMemory.Builder(ram).add(start, ram.size(), 0, ram.size()).build();
  }

  private static byte[] read(FileOldMemory memory, long address, int size) throws Exception {
    byte[] bytes = new byte[size];
    assertThat(memory.read(address, MemorySegment.ofArray(bytes))).isEqualTo(size);
    return bytes;
  }

  /** What the first kernel tells of itself, VMCOREINFO being sought in its memory. */
  private static CrashPreparation prepare(
      String name,
      PreparedArchitecture architecture,
      boolean withFirstMib,
      DirectMap map,
      KernelText text)
      throws Exception {
    Path first = RealDumps.file(name).resolve("first");
    CrashMemory ram = CrashMemory.of(Iomem.read(first.resolve("proc_iomem")));
    return CrashPreparation.of(
            architecture, withFirstMib ? ram : ram.exclude(CrashMemory.FIRST_MIB), map)
        .withCpuNotes(CrashNotes.read(first.resolve("crash_notes")))
        .withVmcoreInfo(vmcoreInfo(name).area())
        .withText(text);
  }

  private static VmcoreInfoNote vmcoreInfo(String name) throws Exception {
    try (ByteSource ram = ram(name)) {
      List<VmcoreInfoNote> notes =
          VmcoreInfoSearch.search(memory(ram), name, SearchBudget.of(Search.DEFAULT, "it", 1));
      assertThat(notes).hasSize(1);
      return notes.getFirst();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "x86-61-s, 1000000, ffff8d07c0000000, ffffffff86200000, 7c00000",
    "x86-61-cs, 4000000, ffff8ead40000000, ffffffff9b600000, a400000",
  })
  void fileLoadedHeadersAreEqualByteForByte(
      String name, String at, String pageOffset, String text, String textAt) throws Exception {
    DirectMap map = DirectMap.at(Long.parseUnsignedLong(pageOffset, 16));
    KernelText image =
        new KernelText(
            Long.parseUnsignedLong(text, 16),
            AddressRange.ofSize(Long.parseLong(textAt, 16), 0x2830000));
    CrashPreparation prepared = prepare(name, X86_64.INSTANCE, false, map, image);
    long address = Long.parseLong(at, 16);
    try (ByteSource ram = ram(name)) {
      byte[] bytes = prepared.bytes();
      assertThat(bytes).isEqualTo(read(memory(ram), address, bytes.length));
      assertThat(ElfcorehdrParser.parse(memory(ram), name, address)).isEqualTo(prepared.headers());
    }
    BootParameters boot =
        new BootParameters(X86_64.INSTANCE, AddressRange.ofSize(address, 4096), List.of());
    assertThat(Files.readString(RealDumps.file(name).resolve("second/proc_cmdline")))
        .startsWith(boot.commandLine() + " ");
  }

  @Test
  void classicHeadersOnX86AreEqualByteForByteWithTheBackupRegion() throws Exception {
    String name = "frac4-c";
    KernelText image =
        new KernelText(0xffff_ffff_8100_0000L, AddressRange.ofSize(0x1000000, 0x2830000));
    CrashPreparation prepared =
        prepare(name, X86_64.INSTANCE, true, DirectMap.at(0xffff_8880_0000_0000L), image)
            .withBackup(new Backup(AddressRange.inclusive(0x1000, 0x9fbff), 0xbf61000));
    String commandLine = Files.readString(RealDumps.file(name).resolve("second/proc_cmdline"));
    long address = ElfcorehdrAddress.inCommandLine(commandLine).orElseThrow().address();
    try (ByteSource ram = ram(name)) {
      assertThat(prepared.bytes()).isEqualTo(read(memory(ram), address, 4096));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "arm-61-c, ffffc5cb5b600000, 1ab0000",
    "arm-rproc, ffffce7952e00000, 2010000",
  })
  void classicHeadersOnArm64AreEqualByteForByte(String name, String text, String textSize)
      throws Exception {
    VmcoreInfo info = vmcoreInfo(name).info();
    DirectMap map = Arm64.INSTANCE.directMap(info).orElseThrow();
    KernelText image =
        new KernelText(
            Long.parseUnsignedLong(text, 16),
            AddressRange.ofSize(0x40200000, Long.parseLong(textSize, 16)));
    CrashPreparation prepared = prepare(name, Arm64.INSTANCE, true, map, image);
    Path file = RealDumps.file(name).resolve("second/sys_firmware_fdt");
    AddressRange headers =
        ChosenNode.elfcorehdr(file.toString(), DeviceTree.read(file)).orElseThrow();
    assertThat(headers).isEqualTo(AddressRange.ofSize(0x537ff000, 0x400));
    try (ByteSource ram = ram(name)) {
      byte[] real = read(memory(ram), headers.start(), (int) headers.size());
      assertThat(Arrays.copyOf(prepared.bytes(), 0x400)).isEqualTo(real);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "x86-61-s, 1000000",
    "x86-61-cs, 4000000",
    "frac4-c, bf5d000",
    "arm-61-c, 537ff000",
    "arm-rproc, 537ff000",
  })
  void theElfcorehdrIsFoundByItself(String name, String address) throws Exception {
    try (ByteSource ram = ram(name)) {
      List<ElfcorehdrCandidate> found =
          ElfcorehdrSearch.search(memory(ram), name, SearchBudget.of(Search.DEFAULT, "it", 1));
      assertThat(found)
          .extracting(ElfcorehdrCandidate::address)
          .containsExactly(Long.parseLong(address, 16));
      assertThat(
              Headers.lines(ElfcorehdrParser.parse(memory(ram), name, found.getFirst().address())))
          .isEqualTo(
              Headers.expected(
                  Files.readString(RealDumps.file(name).resolve("truth/elfcorehdr.txt"))));
    }
  }

  @Test
  void aMachineWithoutKdumpGetsHeadersThatItsMemoryBears() throws Exception {
    String name = "qemu-61";
    CrashPreparation prepared =
        prepare(
            name,
            X86_64.INSTANCE,
            false,
            DirectMap.at(0xffff_8880_0000_0000L),
            new KernelText(0xffff_ffff_8100_0000L, AddressRange.ofSize(0x7600000, 0x2830000)));
    assertThat(prepared.headers().programHeaders()).hasSize(5);
    try (ByteSource ram = ram(name)) {
      assertThat(
              ElfcorehdrSearch.search(memory(ram), name, SearchBudget.of(Search.DEFAULT, "it", 1)))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"arm-61-c", "arm-rproc"})
  void deviceTreesComeBackUnchanged(String name, @TempDir Path dir) throws Exception {
    for (String which : List.of("first", "second")) {
      Path file = RealDumps.file(name).resolve(which).resolve("sys_firmware_fdt");
      DeviceTree tree = DeviceTree.read(file);
      assertThat(Arrays.mismatch(tree.toBytes(), Files.readAllBytes(file))).isEqualTo(-1);
      if (Files.isExecutable(Path.of("/usr/bin/dtc"))) {
        DeviceTree packed =
            new DeviceTree(
                tree.root(), tree.reservations(), tree.bootCpu(), DeviceTreeLayout.PACKED);
        Path copy = Files.write(dir.resolve(which), packed.toBytes());
        assertThat(ChosenNodeTest.dtc(copy)).isEqualTo(ChosenNodeTest.dtc(file));
      }
    }
  }

  @Test
  void theCrashKernelsDeviceTreeIsMadeAgain() throws Exception {
    Path file = RealDumps.file("arm-61-c").resolve("second/sys_firmware_fdt");
    DeviceTree tree = DeviceTree.read(file);
    AddressRange headers = ChosenNode.elfcorehdr("dtb", tree).orElseThrow();
    List<AddressRange> usable = ChosenNode.usableMemory("dtb", tree);
    assertThat(usable)
        .isEqualTo(
            Iomem.read(RealDumps.file("arm-61-c").resolve("first/proc_iomem")).crashKernel());
    TreeNode chosen = tree.root().child("chosen").orElseThrow();
    TreeNode bare = chosen.without(ChosenNode.ELFCOREHDR).without(ChosenNode.USABLE_MEMORY_RANGE);
    DeviceTree without = tree.withRoot(tree.root().with(bare));
    DeviceTree again = ChosenNode.set("dtb", without, headers, usable);
    assertThat(again.root()).isEqualTo(tree.root());
    String source =
        Files.readString(
            RealDumps.file("arm-61-c").resolve("truth/truth.dts"), StandardCharsets.ISO_8859_1);
    for (String line :
        new BootParameters(Arm64.INSTANCE, headers, usable)
            .chosen(RootCells.of("dtb", tree.root()))) {
      assertThat(source.replace("0x00", "0x0")).contains(line);
    }
  }
}
