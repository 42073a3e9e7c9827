package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.fdt.ChosenNode;
import org.vmcore.fdt.DeviceTree;
import org.vmcore.fdt.TreeNode;
import org.vmcore.fdt.TreeProperty;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.DumpBuilder;

class PrepareCommandTest {
  private static final String NO_PLACE =
      "no boot parameters: --elfcorehdr-at tells where the headers are going to be";

  @TempDir Path folder;
  private Path iomem;
  private Path ram;
  private Path headers;

  @BeforeEach
  void makeRam() throws IOException {
    ram = Ram.of(Ram.machine()).writeTo(folder.resolve("ram"));
    iomem =
        iomem(
            "00001100-00009fff : System RAM",
            "  00005000-00005fff : Kernel code",
            "  00006000-00006bff : Kernel bss",
            "0000a000-0000afff : Reserved");
    headers = folder.resolve("headers");
  }

  private Path iomem(String... lines) throws IOException {
    return Files.write(folder.resolve("iomem"), List.of(lines));
  }

  /** e_phnum, then type, offset, vaddr, paddr, memsz of each program header. */
  private List<String> written() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(headers)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.capacity() % 4096).isZero();
    assertThat(bytes.getInt(0)).isEqualTo(0x464c457f);
    return IntStream.range(0, bytes.getShort(56))
        .map(i -> 64 + 56 * i)
        .mapToObj(
            at ->
                "%d 0x%x 0x%x 0x%x 0x%x"
                    .formatted(
                        bytes.getInt(at),
                        bytes.getLong(at + 8),
                        bytes.getLong(at + 16),
                        bytes.getLong(at + 24),
                        bytes.getLong(at + 40)))
        .toList();
  }

  @Test
  void aMachineWithoutKdumpBecomesAVmcore() throws IOException {
    Path notes = Files.writeString(folder.resolve("notes"), "cpu0 4000 368\n");
    Path vmcore = folder.resolve("vmcore");

    Run.of(
            "prepare",
            "--iomem",
            iomem,
            "--oldmem",
            ram,
            "--crash-notes",
            notes,
            "--keep-first-mib",
            "-o",
            headers)
        .fails(0, "vmcore: " + NO_PLACE);
    Run.of("build", "--elfcorehdr-file", headers, "-o", vmcore, ram).ok();

    assertThat(Run.of("info", vmcore).ok().lines())
        .contains("format: elf", "kernel: 6.1.0-test", "CPUs: 1", "memory: 0x8f00 (35.7 KiB)");
    Run read =
        Run.of("read", "--virt", "0xffffffff81005000", "--length", 16, "--format", "raw", vmcore);
    read.fails(
        0,
        "vmcore: "
            + vmcore
            + ": no page tables: VMCOREINFO tells of no root: read by the place of the kernel"
            + " image");
    assertThat(read.bytes()).isEqualTo(DumpBuilder.pattern(0x5000, 16));
  }

  @Test
  void headersAreTheKernels() throws IOException {
    Path notes = Files.writeString(folder.resolve("notes"), "cpu0 4000 368\ncpu1 4170 368\n");

    Run.of(
            "prepare",
            "--iomem",
            iomem,
            "--oldmem",
            ram,
            "--crash-notes",
            notes,
            "--keep-first-mib",
            "--exclude",
            "0x8000-0x8fff",
            "-o",
            headers)
        .fails(0, "vmcore: " + NO_PLACE);

    assertThat(written())
        .containsExactly(
            "4 0x4000 0x0 0x4000 0x170",
            "4 0x4170 0x0 0x4170 0x170",
            "4 0x8000 0x0 0x8000 0x1024",
            "1 0x5000 0xffffffff81005000 0x5000 0x2000",
            "1 0x1100 0xffff888000001100 0x1100 0x6f00",
            "1 0x9000 0xffff888000009000 0x9000 0x1000");
  }

  @Test
  void crashKernelAndFirstMibAreExcludedByThemselves() throws IOException {
    iomem(
        "00001000-0009fbff : System RAM",
        "00100000-0fffffff : System RAM",
        "  01000000-01ffffff : Crash kernel");

    Run run =
        Run.of(
                "prepare",
                "--iomem",
                iomem,
                "--arch",
                "x86_64",
                "--page-offset",
                "0xffff8d07c0000000",
                "--vmcoreinfo",
                "0x3000000",
                "-o",
                headers)
            .ok();

    assertThat(run.out()).isEqualTo("elfcorehdr=0x1000000\n");
    assertThat(written())
        .containsExactly(
            "4 0x3000000 0x0 0x3000000 0x1024",
            "1 0x100000 0xffff8d07c0100000 0x100000 0xf00000",
            "1 0x2000000 0xffff8d07c2000000 0x2000000 0xe000000");
  }

  @Test
  void backupRegionIsWhereTheBytesAre() throws IOException {
    iomem("00001000-0009fbff : System RAM", "00100000-0fffffff : System RAM");

    Run run =
        Run.of(
                "prepare",
                "--iomem",
                iomem,
                "--arch",
                "x86_64",
                "--page-offset",
                "0xffff888000000000",
                "--vmcoreinfo",
                "0x3000000+0x2000",
                "--crashkernel",
                "0xb000000+16MiB",
                "--keep-first-mib",
                "--backup",
                "0x1000-0x9fbff@0xbf61000",
                "--elfcorehdr-at",
                "0xbf5d000",
                "--text-size",
                "0x2830000",
                "--text-vaddr",
                "0xffffffff81000000",
                "--text-paddr",
                "0x1000000",
                "-o",
                headers)
            .ok();

    assertThat(run.out()).isEqualTo("elfcorehdr=0xbf5d000\n");
    assertThat(written())
        .containsExactly(
            "4 0x3000000 0x0 0x3000000 0x2000",
            "1 0x1000000 0xffffffff81000000 0x1000000 0x2830000",
            "1 0xbf61000 0xffff888000001000 0x1000 0x9ec00",
            "1 0x100000 0xffff888000100000 0x100000 0xaf00000",
            "1 0xc000000 0xffff88800c000000 0xc000000 0x4000000");
  }

  @Test
  void jsonTellsAllOfIt() throws IOException {
    Path notes = Files.writeString(folder.resolve("notes"), "cpu0 4000 368\n");

    Map<String, Object> json =
        Run.of(
                "prepare",
                "--json",
                "--iomem",
                iomem,
                "--oldmem",
                ram,
                "--crash-notes",
                notes,
                "--keep-first-mib",
                "--elfcorehdr-at",
                "0x9000",
                "-o",
                headers)
            .ok()
            .json();

    assertThat(json)
        .containsEntry("schema", 1L)
        .containsEntry("command", "prepare")
        .containsEntry("arch", "x86_64")
        .containsEntry("notes", List.of(Map.of("address", "0x4000", "size", "0x170")))
        .containsEntry("vmcoreinfo", Map.of("address", "0x8000", "size", "0x1024"))
        .containsEntry(
            "text", Map.of("vaddr", "0xffffffff81005000", "paddr", "0x5000", "size", "0x2000"))
        .containsEntry(
            "ranges",
            List.of(
                Map.of(
                    "offset",
                    "0x1100",
                    "vaddr",
                    "0xffff888000001100",
                    "paddr",
                    "0x1100",
                    "size",
                    "0x8f00")))
        .containsEntry("elfcorehdr", Map.of("address", "0x9000", "size", "0x1000"))
        .containsEntry("boot_parameters", List.of("elfcorehdr=0x9000"));
  }

  @Test
  void arm64HasItInTheDeviceTree() throws IOException, VmcoreException {
    Path arm =
        Ram.of(
                DumpBuilder.elf64()
                    .ramImage()
                    .noteArea(0x1024)
                    .at(Ram.VMCOREINFO)
                    .vmcoreinfo(
                        "OSRELEASE=6.1.0-arm",
                        "SYMBOL(_stext)=ffffc5cb5b610000",
                        "NUMBER(VA_BITS)=48",
                        "NUMBER(PHYS_OFFSET)=0xffffaefc40000000",
                        "NUMBER(kimage_voffset)=0xffffc5cb1b400000"))
            .writeTo(folder.resolve("arm"));
    iomem(
        "40000000-57ffffff : System RAM",
        "  40210000-4158ffff : Kernel code",
        "  41a10000-41caffff : Kernel data",
        "  4d800000-537fffff : Crash kernel");
    Path dtb =
        Files.write(
            folder.resolve("dtb"),
            DeviceTree.of(
                    TreeNode.of(
                        "",
                        TreeProperty.cell("#address-cells", 2),
                        TreeProperty.cell("#size-cells", 2),
                        TreeNode.of(
                            "chosen",
                            TreeProperty.text("bootargs", "quiet"),
                            TreeProperty.of(ChosenNode.ELFCOREHDR, new byte[16]))))
                .toBytes());
    Path dtbOut = folder.resolve("dtb.out");

    Run run =
        Run.of(
                "prepare",
                "--iomem",
                iomem,
                "--oldmem",
                arm,
                "--ram-map",
                "0x40000000+44KiB@0",
                "--dtb",
                dtb,
                "--dtb-out",
                dtbOut,
                "-o",
                headers)
            .ok();

    assertThat(run.lines())
        .containsExactly(
            "linux,elfcorehdr = <0x0 0x537ff000 0x0 0x1000>;",
            "linux,usable-memory-range = <0x0 0x4d800000 0x0 0x6000000>;");
    assertThat(written())
        .containsExactly(
            "4 0x40008000 0x0 0x40008000 0x1024",
            "1 0x40200000 0xffffc5cb5b600000 0x40200000 0x1ab0000",
            "1 0x40000000 0xffff510400000000 0x40000000 0xd800000",
            "1 0x53800000 0xffff510413800000 0x53800000 0x4800000");
    DeviceTree tree = DeviceTree.parse("dtb", MemorySegment.ofArray(Files.readAllBytes(dtbOut)));
    AddressRange at = AddressRange.ofSize(0x537ff000, 0x1000);
    assertThat(ChosenNode.elfcorehdr("dtb", tree)).contains(at);
    assertThat(ChosenNode.usableMemory("dtb", tree))
        .containsExactly(AddressRange.inclusive(0x4d800000, 0x537fffff));
    assertThat(tree.reservations())
        .containsExactly(new DeviceTree.Reservation(at.start(), at.size()));
    assertThat(tree.root().child("chosen").orElseThrow().property("bootargs")).isPresent();
  }

  @Test
  void ppc64DescribesItsFirmwareAndBacksUpItsStart() throws IOException {
    iomem("00000000-2fffffff : System RAM");
    Path dtb =
        Files.write(
            folder.resolve("dtb"),
            DeviceTree.of(
                    TreeNode.of(
                        "",
                        TreeNode.of(
                            "rtas",
                            TreeProperty.cell("linux,rtas-base", 0x1ffff000),
                            TreeProperty.cell("rtas-size", 0x83c))))
                .toBytes());

    Run run =
        Run.of(
                "prepare",
                "--arch",
                "ppc64",
                "--iomem",
                iomem,
                "--crashkernel",
                "0x10000000-0x1fffffff",
                "--dtb",
                dtb,
                "--backup",
                "0-0xffff@0x1287f000",
                "--vmcoreinfo",
                "0x4b90000",
                "--elfcorehdr-at",
                "303676K",
                "-o",
                headers)
            .ok();

    assertThat(run.out()).isEqualTo("elfcorehdr=0x1288f000\n");
    assertThat(written())
        .containsExactly(
            "4 0x4b90000 0x0 0x4b90000 0x1024",
            "1 0x1287f000 0xc000000000000000 0x0 0x10000",
            "1 0x10000 0xc000000000010000 0x10000 0xfff0000",
            "1 0x1ffff000 0xc00000001ffff000 0x1ffff000 0x83c",
            "1 0x20000000 0xc000000020000000 0x20000000 0x10000000");
  }

  @Test
  void bigEndianKernelsHaveBigEndianHeaders() throws IOException {
    Path big =
        DumpBuilder.elf64()
            .bigEndian()
            .ramImage()
            .noteArea(0x1024)
            .at(Ram.VMCOREINFO)
            .vmcoreinfo("OSRELEASE=6.1.0-ppc64", "NUMBER(RADIX_MMU)=0")
            .writeTo(folder.resolve("big"));
    iomem("00000000-00009fff : System RAM");

    Run.of("prepare", "--iomem", iomem, "--oldmem", big, "-o", headers)
        .fails(0, "vmcore: " + NO_PLACE);

    byte[] bytes = Files.readAllBytes(headers);
    assertThat(bytes).startsWith(0x7f, 'E', 'L', 'F', 2, 2, 1);
    assertThat(ByteBuffer.wrap(bytes).getShort(18)).isEqualTo((short) 21);
  }

  @Test
  void riscv64HasItInTheDeviceTree() throws IOException {
    iomem(
        "80060000-9fffffff : System RAM",
        "  80202000-8206b3f7 : Kernel image",
        "    80202000-80c8159f : Kernel code",
        "    81fba000-8206b3f7 : Kernel bss",
        "  8206b3f8-821fffff : Reserved",
        "  91400000-9d3fffff : Crash kernel");
    Path riscv =
        Ram.of(
                DumpBuilder.elf64()
                    .ramImage()
                    .noteArea(0x1024)
                    .at(Ram.VMCOREINFO)
                    .vmcoreinfo(
                        "OSRELEASE=6.12.0-riscv64",
                        "SYMBOL(_stext)=ffffffff80002000",
                        "NUMBER(PAGE_OFFSET)=0xffffffd600000000",
                        "NUMBER(phys_ram_base)=2147483648",
                        "NUMBER(va_kernel_pa_offset)=0xfffffffeffe00000"))
            .writeTo(folder.resolve("riscv"));

    Run run =
        Run.of(
                "prepare",
                "--iomem",
                iomem,
                "--oldmem",
                riscv,
                "--ram-map",
                "0x82000000+44KiB@0",
                "-o",
                headers)
            .ok();

    assertThat(run.lines())
        .containsExactly(
            "linux,elfcorehdr = <0x0 0x9d3ff000 0x0 0x1000>;",
            "linux,usable-memory-range = <0x0 0x91400000 0x0 0xc000000>;");
    assertThat(written())
        .containsExactly(
            "4 0x82008000 0x0 0x82008000 0x1024",
            "1 0x80202000 0xffffffff80002000 0x80202000 0x1e6a000",
            "1 0x80060000 0xffffffd600060000 0x80060000 0x113a0000",
            "1 0x9d400000 0xffffffd61d400000 0x9d400000 0x2c00000");
  }
}
