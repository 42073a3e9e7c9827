package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code prepare} refuses, or does without and says so. */
class PrepareRefusalsTest {
  private static final String NO_NOTES =
      "no PT_NOTE for VMCOREINFO: --vmcoreinfo or --oldmem tells where it is";
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
  void whatIsNotKnownIsSaid() throws IOException {
    Run.of(
            "prepare",
            "--iomem",
            iomem,
            "--arch",
            "x86_64",
            "--cpus",
            2,
            "--keep-first-mib",
            "-o",
            headers)
        .fails(
            0,
            "vmcore: " + NO_NOTES,
            "vmcore: the direct map's address isn't known (VMCOREINFO doesn't tell of KASLR):"
                + " taken to be 0xffff888000000000; --page-offset tells it",
            "vmcore: where the notes of 2 CPUs are isn't known (--crash-notes): no PT_NOTE for"
                + " them",
            "vmcore: " + NO_PLACE);
    assertThat(written()).containsExactly("1 0x1100 0xffff888000001100 0x1100 0x8f00");
  }

  @Test
  void moreCpusThanNotesAreSaid() throws IOException {
    Path notes = Files.writeString(folder.resolve("notes"), "cpu0 4000 368\ncpu1 4170 368\n");
    Object[] line = {
      "prepare",
      "--iomem",
      iomem,
      "--oldmem",
      ram,
      "--crash-notes",
      notes,
      "--keep-first-mib",
      "--elfcorehdr-at",
      "0x9000",
      "--force",
      "-o",
      headers,
      "--cpus",
      3
    };

    Run.of(line)
        .fails(
            0,
            "vmcore: where the notes of 1 of 3 CPUs are isn't known (--crash-notes): no PT_NOTE"
                + " for them");
    line[line.length - 1] = 1;
    Run.of(line).ok();
    assertThat(written()).filteredOn(each -> each.startsWith("4 ")).hasSize(2);
  }

  @Test
  void oneOfSeveralVmcoreInfosIsTaken() throws IOException {
    byte[] note = Ram.of(Ram.machine()).bytes(Ram.VMCOREINFO, Ram.VMCOREINFO + 0x100);
    Path two = Ram.of(Ram.machine()).put(0x2000, note).writeTo(folder.resolve("two"));
    Object[] line = {
      "prepare",
      "--iomem",
      iomem,
      "--oldmem",
      two,
      "--keep-first-mib",
      "--elfcorehdr-at",
      "0x9000",
      "--force",
      "-o",
      headers,
      "--exclude",
      "0x3000+4KiB"
    };

    Run.of(line)
        .fails(
            0,
            "vmcore: "
                + two
                + ": VMCOREINFO: not taken: 0x8000 of 6.1.0-test; rather:"
                + " 0x2000 of 6.1.0-test (--vmcoreinfo chooses)");
    assertThat(written()).contains("4 0x2000 0x0 0x2000 0x1024");

    line[line.length - 2] = "--vmcoreinfo";
    line[line.length - 1] = "0x8000";
    Run.of(line).ok();
    assertThat(written()).contains("4 0x8000 0x0 0x8000 0x1024");

    line[line.length - 2] = "--crashkernel";
    line[line.length - 1] = "0x2000+8KiB";
    Run.of(line).ok();
    assertThat(written()).contains("4 0x8000 0x0 0x8000 0x1024");
  }

  private void refused(String reason, Object... more) {
    List<Object> line =
        new ArrayList<>(
            List.of("prepare", "--iomem", iomem, "--arch", "x86_64", "--page-offset", 0));
    line.addAll(List.of("--vmcoreinfo", "0x2000+16", "-o", headers));
    line.addAll(List.of(more));
    Run.of(line.toArray()).fails(1, "vmcore: " + reason);
    assertThat(headers).doesNotExist();
  }

  @Test
  void rangesOutsideOfSystemRamAreRefused() throws IOException {
    Path notes = Files.writeString(folder.resolve("notes"), "cpu0 9fff 2\n");
    String outside = ": outside of System RAM";
    refused(iomem + ": --crashkernel 0xa000-0xafff" + outside, "--crashkernel", "0xa000+4KiB");
    refused(
        iomem + ": --exclude 0xa000-0xafff: no System RAM is there any more",
        "--exclude",
        "0xa000+4KiB");
    refused(
        iomem + ": the crash headers at 0xa000-0xafff" + outside,
        "--elfcorehdr-at",
        "0xa000",
        "--keep-first-mib");
    refused(
        iomem + ": the kernel image at 0x9000-0xafff" + outside,
        "--text-vaddr",
        0,
        "--text-paddr",
        "0x9000",
        "--text-size",
        "8KiB");
    refused(iomem + ": a CPU's notes at 0x9fff-0xa000" + outside, "--crash-notes", notes);
    refused("elfcorehdr: no System RAM is left to describe");
  }

  @Test
  void badIomemIsRefused() throws IOException {
    iomem("00001000-00001fff : System RAM", "00001800-00002fff : System RAM");
    refused(iomem + ": offset 0x1f: line 2: 0x1800-0x2fff overlaps line 1 or belongs before it");
    iomem("System RAM");
    refused(iomem + ": offset 0x0: line 1: not of the form START-END : NAME");
    iomem("00000000-00000000 : System RAM");
    refused(
        iomem
            + ": offset 0x0: all addresses are 0: /proc/iomem shows them to root only; read it as"
            + " root");
  }

  @Test
  void badDeviceTreeIsRefusedBeforeAnythingIsWritten() throws IOException {
    iomem("40000000-57ffffff : System RAM", "  4d800000-537fffff : Crash kernel");
    Path dtb = Files.writeString(folder.resolve("dtb"), "no device tree");
    Path dtbOut = folder.resolve("dtb.out");

    Run.of(
            "prepare",
            "--iomem",
            iomem,
            "--arch",
            "arm64",
            "--page-offset",
            0,
            "--phys-offset",
            0,
            "--vmcoreinfo",
            "0x40000000",
            "--dtb",
            dtb,
            "--dtb-out",
            dtbOut,
            "-o",
            headers)
        .fails(1, "vmcore: " + dtb + ": offset 0x0: magic: not a flattened device tree");

    assertThat(headers).doesNotExist();
    assertThat(dtbOut).doesNotExist();
  }

  @Test
  void wrongUsage() {
    misused("--arch is needed: no VMCOREINFO tells it", NO_NOTES);
    misused(
        "--dtb has no effect without --dtb-out",
        NO_NOTES,
        "--arch",
        "arm64",
        "--page-offset",
        0,
        "--phys-offset",
        0,
        "--dtb",
        ram);
    misused(
        "--dtb has no effect on x86_64",
        NO_NOTES,
        "--arch",
        "x86_64",
        "--page-offset",
        0,
        "--dtb",
        ram);
    misused("--dtb-out has no effect without --dtb", "", "--dtb-out", ram);
    misused(
        "--dtb-out has no effect on ppc64",
        NO_NOTES,
        "--arch",
        "ppc64",
        "--dtb",
        ram,
        "--dtb-out",
        "out");
    misused("--text-size has no effect on ppc64", NO_NOTES, "--arch", "ppc64", "--text-size", 1);
    misused("--ram-map has no effect without --oldmem", "", "--ram-map", "0-1@0");
    misused(
        "--phys-offset has no effect on x86_64", NO_NOTES, "--arch", "x86_64", "--phys-offset", 0);
    misused(
        "--keep-first-mib has no effect on arm64",
        NO_NOTES,
        "--arch",
        "arm64",
        "--page-offset",
        0,
        "--phys-offset",
        0,
        "--keep-first-mib");
    misused(
        "--page-offset and --phys-offset are needed: no VMCOREINFO tells the direct map",
        NO_NOTES,
        "--arch",
        "arm64");
    misused(
        "--text-vaddr is needed, too: nothing else tells it",
        NO_NOTES,
        "--arch",
        "x86_64",
        "--page-offset",
        0,
        "--text-size",
        1);
    misused(
        "--backup has no effect where no range that is described lies in it",
        "",
        "--oldmem",
        ram,
        "--backup",
        "0-0xfff@0x9000");
    misused(
        "Invalid value for option '--arch': 'mips' is none of x86_64, arm64, ppc64, riscv64",
        "",
        "--arch",
        "mips");
    Run.of("prepare", "--iomem", iomem, "-o", "-")
        .misused("vmcore prepare", "The boot parameters go to stdout: -o takes a file");
    assertThat(headers).doesNotExist();
  }

  private void misused(String line, String before, Object... more) {
    List<Object> all = new ArrayList<>(List.of("prepare", "--iomem", iomem, "-o", headers));
    all.addAll(List.of(more));
    Run run = Run.of(all.toArray());
    String usage = "vmcore: " + line + "\nTry 'vmcore prepare --help'.\n";
    assertThat(run.err()).isEqualTo((before.isEmpty() ? "" : "vmcore: " + before + "\n") + usage);
    assertThat(run.status()).isEqualTo(2);
  }
}
