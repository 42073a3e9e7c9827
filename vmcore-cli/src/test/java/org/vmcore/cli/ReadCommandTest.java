package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.elf.ElfClass;
import org.vmcore.testing.DumpBuilder;

class ReadCommandTest {
  private static final String UNKNOWN = " ??".repeat(8);

  @TempDir Path folder;
  private Path dump;

  @BeforeEach
  void makeDump() throws IOException {
    byte[] text = "Hello, vmcore!\0\u001b[2J".getBytes(StandardCharsets.US_ASCII);
    dump =
        DumpBuilder.elf64()
            .vmcoreinfo("SYMBOL(greeting)=ffff888000001000")
            .load(0x1000, Arrays.copyOf(text, 0x1000))
            .vaddr(Dumps.DIRECT_MAP + 0x1000)
            .load(0x3000, 0x800)
            .vaddr(Dumps.DIRECT_MAP + 0x3000)
            .memsz(0x1000)
            .writeTo(folder.resolve("vmcore"));
  }

  @Test
  void hex() {
    assertThat(Run.of("read", "--phys", "0x1000", "--length", "20", dump).ok().out())
        .isEqualTo(
            """
            0x1000  48 65 6c 6c 6f 2c 20 76  6d 63 6f 72 65 21 00 1b  |Hello, vmcore!..|
            0x1010  5b 32 4a 00                                       |[2J.|
            """);
  }

  @Test
  void string() {
    assertThat(Run.of("read", "--phys", "0x1000", "--format", "string", dump).ok().out())
        .isEqualTo("Hello, vmcore!\n");
    assertThat(Run.of("read", "--symbol", "greeting+14", "--format", "string", dump).out())
        .isEqualTo("\n");
    assertThat(Run.of("read", "--phys", "0x100f", "--format", "string", dump).ok().out())
        .isEqualTo("\\x1b[2J\n");
  }

  @Test
  void stringWithoutNul() {
    Run run = Run.of("read", "--phys", "0x1000", "--length", "5", "--format", "string", dump);

    run.fails(0, "vmcore: " + dump + ": no NUL within 5 bytes: the string may go on (--length)");
    assertThat(run.out()).isEqualTo("Hello\n");
    Run.of("read", "--phys", "0x1000", "--length", "16777217", "--format", "string", dump)
        .misused("vmcore read", "--length 16777217 is too much for a string: 16 MiB");
  }

  @Test
  void stringOfUtf8AcrossPagesAndWithoutEnd() throws IOException {
    byte[] bytes = "ä".repeat(0x1000).getBytes(StandardCharsets.UTF_8);
    bytes[0] = (byte) 0xff;
    bytes[1] = '\n';
    Path text =
        DumpBuilder.elf64()
            .load(0x1000, bytes)
            .load(0x4000, Arrays.copyOf(bytes, 0x800))
            .memsz(0x1000)
            .writeTo(folder.resolve("text"));

    Run run = Run.of("read", "--phys", "0x1000", "--length", "64K", "--format", "string", text);
    run.fails(
        0,
        "vmcore: "
            + text
            + ": physical address 0x3000: no PT_LOAD tells of memory there, the string ends here");
    assertThat(run.out()).isEqualTo("\\xff\\x0a" + "ä".repeat(0xfff) + "\n");

    Run excluded = Run.of("read", "--phys", "0x4700", "--format", "string", text);
    excluded.fails(
        0,
        "vmcore: "
            + text
            + ": physical address 0x4800: excluded from the dump, the string ends here");
    assertThat(excluded.out()).isEqualTo("ä".repeat(0x80) + "\n");
    Run.of("read", "--phys", "0x4800", "--format", "string", text)
        .fails(1, "vmcore: " + text + ": physical address 0x4800: excluded from the dump");
  }

  @Test
  void stringThatIsLost() throws IOException {
    Path truncated = Dumps.truncated(folder);

    Run run = Run.of("read", "--phys", "0x3000", "--format", "string", truncated);

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("physical address 0x3000: lost (offset 0x4000: the file ends");
  }

  @Test
  void eachAddressSpaceShowsTheSameBytes() {
    for (String[] place :
        new String[][] {
          {"--phys", "0x1000"},
          {"--virt", "0xffff888000001000"},
          {"--symbol", "greeting"},
          {"--offset", "0x2000"}
        }) {
      Run run = Run.of("read", place[0], place[1], "--length", "16", dump);
      assertThat(run.status()).isZero();
      assertThat(run.out()).contains("|Hello, vmcore!..|");
    }
  }

  @Test
  void bytesBehindASymbol() {
    Run run = Run.of("read", "--symbol", "greeting+7", "--length", "6", dump);

    assertThat(run.out()).startsWith("0xffff888000001007  76 6d 63 6f 72 65 ");
    run.fails(
        0,
        "vmcore: "
            + dump
            + ": no page tables: VMCOREINFO tells of no root: read by the PT_LOADs' virtual"
            + " addresses");
  }

  @Test
  void unreadableBytesShowAsQuestionMarks() {
    Run run = Run.of("read", "--phys", "0x37f8", "--length", "16", dump).ok();

    byte[] known = DumpBuilder.pattern(0x37f8, 8);
    assertThat(run.out())
        .startsWith("0x37f8  " + HexFormat.ofDelimiter(" ").formatHex(known))
        .contains(" " + UNKNOWN + "  |");
  }

  /** A PT_LOAD that would pass 2^32, where no page tables are. */
  @Test
  void of32BitsNothingLiesBehindTheLastAddress() throws IOException {
    Path arm =
        DumpBuilder.elf32()
            .load(0x2000, 0x3000)
            .vaddr(0xffff_f000L)
            .writeTo(folder.resolve("dump32"));
    Run run = Run.of("read", "--virt", "0xfffffff0", "--length", "32", arm);
    byte[] known = DumpBuilder.pattern(0x2ff0, 16);
    assertThat(run.out())
        .startsWith("0x0fffffff0  " + HexFormat.ofDelimiter(" ").formatHex(known, 0, 8))
        .contains("0x100000000 " + UNKNOWN);
    Run.of("read", "--virt", "0x100000000", arm)
        .fails(
            1,
            "vmcore: " + arm + ": no page tables: there is no VMCOREINFO",
            "vmcore: "
                + arm
                + ": virtual address 0x100000000: no page tables: there is no VMCOREINFO; and no"
                + " PT_LOAD tells of it");
  }

  @Test
  void numbersInTheDumpsByteOrder() throws IOException {
    byte[] bytes = {1, 2, 3, 4, 5, 6, 7, 8};
    Path big =
        DumpBuilder.of(ElfClass.ELF64, ByteOrder.BIG_ENDIAN)
            .load(0x1000, bytes)
            .memsz(0x10)
            .writeTo(folder.resolve("big"));
    Path little = DumpBuilder.elf64().load(0x1000, bytes).writeTo(folder.resolve("little"));

    assertThat(read(little, "u8", 3)).containsExactly("0x1000 0x01 0x02 0x03");
    assertThat(read(little, "u16", 4)).containsExactly("0x1000 0x0201 0x0403");
    assertThat(read(little, "u32", 8)).containsExactly("0x1000 0x04030201 0x08070605");
    assertThat(read(little, "u64", 8)).containsExactly("0x1000 0x0807060504030201");
    assertThat(read(big, "u32", 16)).containsExactly("0x1000 0x01020304 0x05060708 ?? ??");
  }

  private static List<String> read(Path dump, String format, int length) {
    return Run.of("read", "--phys", "0x1000", "--length", length, "--format", format, dump)
        .ok()
        .lines();
  }

  @Test
  void excludedBytesAreZerosInRawOutput() {
    Run run = Run.of("read", "--phys", "0x3000", "--length", "4KiB", "--format", "raw", dump);

    assertThat(run.bytes()).isEqualTo(Arrays.copyOf(DumpBuilder.pattern(0x3000, 0x800), 0x1000));
    run.fails(0, "vmcore: " + dump + ": 2048 bytes excluded from the dump: written as zeros");
  }

  @Test
  void whatIsNotRamIsZerosInRawOutput() {
    Run run = Run.of("read", "--phys", "0xfff", "--length", "2", "--format", "raw", dump);

    assertThat(run.bytes()).isEqualTo(new byte[] {0, 'H'});
    run.fails(0, "vmcore: " + dump + ": 1 byte not RAM: written as zeros");
  }

  @Test
  void lostBytesEndRawOutput() throws IOException {
    Path truncated = Dumps.truncated(folder);

    Run run = Run.of("read", "--phys", "0x2ff0", "--length", "32", "--format", "raw", truncated);

    assertThat(run.bytes()).isEqualTo(DumpBuilder.pattern(0x2ff0, 16));
    run.fails(
        3,
        "vmcore: "
            + truncated
            + ": physical address 0x3000: lost (offset 0x4000: the file ends here), the output ends"
            + " here (--fill BYTE goes on)");
  }

  @Test
  void lostBytesAreFilled() throws IOException {
    Path truncated = Dumps.truncated(folder);

    Run run =
        Run.of(
            "read",
            "--phys",
            "0x2fff",
            "--length",
            "3",
            "--format",
            "raw",
            "--fill",
            "0x3f",
            truncated);

    assertThat(run.bytes()).isEqualTo(new byte[] {DumpBuilder.patternAt(0x2fff), '?', '?'});
    run.fails(
        0,
        "vmcore: "
            + truncated
            + ": 2 bytes lost: written as 0x3f (offset 0x4000: the file ends here)");
  }

  @Test
  void lostBytesInLinesGiveExitStatus3() throws IOException {
    Path truncated = Dumps.truncated(folder);

    Run run = Run.of("read", "--phys", "0x3000", "--length", "8", truncated);

    assertThat(run.out()).startsWith("0x3000 " + UNKNOWN);
    run.fails(3, "vmcore: " + truncated + ": 8 bytes lost (offset 0x4000: the file ends here)");
  }

  @Test
  void nothingThere() {
    String phys = "vmcore: " + dump + ": physical address 0x8000: no PT_LOAD tells of memory there";

    assertThat(Run.of("read", "--phys", "0x8000", "--length", "8", dump).fails(1, phys).out())
        .startsWith("0x8000 " + UNKNOWN);
    assertThat(Run.of("read", "--phys", "0x8000", "--format", "raw", dump).fails(1, phys).out())
        .isEmpty();
    Run.of("read", "--offset", "5GiB", dump)
        .fails(
            1, "vmcore: " + dump + ": offset 0x140000000: nothing there, the image ends at 0x4000");
    Run.of("read", "--symbol", "nobody", dump)
        .fails(1, "vmcore: " + dump + ": no symbol 'nobody': the kernel's kallsyms isn't found");
  }

  @Test
  void endsWithTheImageAndWithTheAddresses() {
    assertThat(Run.of("read", "--offset", "0x3fff", "--format", "raw", dump).bytes()).hasSize(1);
    assertThat(
            Run.of("read", "--virt", "0xfffffffffffffff0", "--length", "8KiB", dump).out().lines())
        .hasSize(1);
  }

  @Test
  void wrongUsage() {
    String where = "Where to read: give one of --offset, --phys, --virt and --symbol";
    Run.of("read", dump).misused("vmcore read", where);
    Run.of("read", "--offset", "0", "--phys", "0", dump).misused("vmcore read", where);
    Run.of("read", "--offset", "0", "--fill", "0", dump)
        .misused("vmcore read", "--fill has no effect without --format raw");
    Run.of("read", "--offset", "0", "--format", "u64", "--length", "12", dump)
        .misused("vmcore read", "--length 12 is no multiple of the 8 bytes of u64");
    Run.of("read", "--offset", "0", "--length", "0", dump)
        .misused("vmcore read", "Invalid value for option '--length': 0 bytes are nothing to do");
    Run.of("read", "--offset", "0", "--format", "U8", dump)
        .misused(
            "vmcore read",
            "Invalid value for option '--format': 'U8' is none of hex, raw, u8, u16, u32, u64, string");
  }
}
