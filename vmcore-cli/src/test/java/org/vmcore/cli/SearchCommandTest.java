package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.KernelDump.BASE;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.elf.ElfClass;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KallsymsBytes;
import org.vmcore.testing.KallsymsBytes.Scheme;
import org.vmcore.testing.KernelDump;

class SearchCommandTest {
  private static final String TITLES = "PHYSICAL VIRTUAL MAP SYMBOL CONTEXT";

  @TempDir Path folder;

  /** A kernel with a variable of 16 bytes, at 0x5000, and pointers to it and into it. */
  private Path kernel() throws IOException {
    KernelDump kernel = new KernelDump().infoSymbol("_stext", BASE + 0x1000);
    new KallsymsBytes(Scheme.PERCPU_SIGNED)
        .add(BASE + 0x1000, 'T', "_stext")
        .add(BASE + 0x5000, 'D', "variable")
        .add(BASE + 0x5010, 'D', "next")
        .add(BASE + 0x8000, 'D', "_edata")
        .writeTo(kernel);
    kernel.text(BASE + 0x5ffc, "Needle in Hay");
    kernel.u64(BASE + 0x6100, BASE + 0x5000).u64(BASE + 0x6200, BASE + 0x500f);
    kernel.u64(BASE + 0x6300, BASE + 0x5010).u64(BASE + 0x6404, BASE + 0x5000);
    return kernel.dump().writeTo(folder.resolve("kernel"));
  }

  @Test
  void text() throws IOException {
    assertThat(Run.of("search", "--string", "Needle in", "--context", "4", kernel()).ok().lines())
        .containsExactly(
            TITLES, "0x1005ffc 0xffffffff81005ffc kernel image next+0xfec |....Needle in Hay|");
    assertThat(Run.of("search", "-i", "--string", "nEEdle", "--count", kernel()).ok().out())
        .isEqualTo("1\n");
    Path dump = kernel();
    Run.of("search", "--string", "needle", dump)
        .fails(1, "vmcore: " + dump + ": not found: needle");
  }

  @Test
  void bytesWithAnyDigits() throws IOException {
    Run run = Run.of("search", "--no-header", "--bytes", "4e 65?? 6?6c65", kernel()).ok();

    assertThat(run.lines())
        .containsExactly(
            "0x1005ffc 0xffffffff81005ffc kernel image next+0xfec 4e 65 65 64 6c 65 20 69 6e 20 48"
                + " 61 79 00 00 00 00 00 00 00 00 00 |Needle in Hay.........|");
  }

  @Test
  void pointers() throws IOException {
    String exact = "0x1006100 0xffffffff81006100 kernel image next+0x10f0 0xffffffff81005000 0x0";
    String inside = "0x1006200 0xffffffff81006200 kernel image next+0x11f0 0xffffffff8100500f 0x0";
    String[] line = {"search", "--no-header", "--context", "8", "--pointer-to"};

    assertThat(Run.of(with(line, "variable", kernel())).ok().lines()).containsExactly(exact);
    assertThat(Run.of(with(line, "variable", "--within", kernel())).ok().lines())
        .containsExactly(exact, inside);
    assertThat(Run.of(with(line, "0xffffffff81005001-0xffffffff8100500f", kernel())).lines())
        .containsExactly(inside);
    assertThat(Run.of(with(line, "variable+15", kernel())).lines()).containsExactly(inside);
    assertThat(Run.of(with(line, "ffffffff81005000", "--align", "4", kernel())).lines()).hasSize(2);
  }

  private static Object[] with(String[] line, Object... more) {
    Object[] all = Arrays.copyOf(line, line.length + more.length, Object[].class);
    System.arraycopy(more, 0, all, line.length, more.length);
    return all;
  }

  @Test
  void json() throws IOException {
    var hits = Run.of("search", "--json", "--pointer-to", "variable", kernel()).records("hits");

    assertThat(hits).hasSize(1);
    assertThat(hits.getFirst())
        .containsEntry("physical", "0x1006100")
        .containsEntry("virtual", "0xffffffff81006100")
        .containsEntry("map", "kernel image")
        .containsEntry("sought", "variable")
        .containsEntry("value", "0xffffffff81005000")
        .containsEntry("symbol", "next")
        .containsEntry("symbol_offset", "0x10f0")
        .containsEntry("bytes", "00500081ffffffff");
    assertThat(Run.of("search", "--json", "--count", "--string", "Hay", kernel()).json())
        .containsEntry("count", 1L)
        .doesNotContainKey("hits");
  }

  @Test
  void virtualMemoryInARow() throws IOException {
    Path dump =
        DumpBuilder.elf64()
            .load(0x1000, half("........", "needle.".length()))
            .vaddr(Dumps.DIRECT_MAP + 0x5000)
            .load(0x8000, half("needle..", 0))
            .vaddr(Dumps.DIRECT_MAP + 0x6000)
            .writeTo(folder.resolve("row"));

    Run run = Run.of("search", "--string", "needle", "--virt", "0xffff888000005000+8K", dump);
    assertThat(run.ok().lines().getLast()).startsWith("0x8000 0xffff888000006000");
    assertThat(Run.of("search", "--string", "needle", "--phys", "0x1000+4K", dump).status())
        .isEqualTo(1);
  }

  private static byte[] half(String text, int at) {
    byte[] bytes = new byte[0x1000];
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, bytes, at, ascii.length);
    return bytes;
  }

  @Test
  void numbersOf32BitsInBigEndian() throws IOException {
    byte[] bytes = new byte[0x1000];
    System.arraycopy(new byte[] {(byte) 0xc0, 0, 0x12, 0x34}, 0, bytes, 0x24, 4);
    Path dump =
        DumpBuilder.of(ElfClass.ELF32, ByteOrder.BIG_ENDIAN)
            .load(0x1000, bytes)
            .writeTo(folder.resolve("ppc"));

    assertThat(Run.of("search", "--no-header", "--pointer-to", "0xc0001234", dump).ok().lines())
        .containsExactly("0x1024 - - - 0xc0001234 0x0 0x0 0x0 0x0");
  }

  @Test
  void theLimitIsTold() throws IOException {
    Path dump = DumpBuilder.elf64().load(0x1000, new byte[0x1000]).writeTo(folder.resolve("zero"));

    Run run = Run.of("search", "--bytes", "0000", "--no-header", dump);
    run.fails(0, "vmcore: " + dump + ": there are more than 100: --limit none shows all of them");
    assertThat(run.lines()).hasSize(100);
    assertThat(Run.of("search", "--bytes", "0000", "--limit", "none", dump).ok().lines())
        .hasSize(0x1000);
    assertThat(Run.of("search", "--bytes", "0000", "--count", dump).ok().out()).isEqualTo("4095\n");
  }

  @Test
  void whatIsMissingIsTold() throws IOException {
    Path truncated = Dumps.truncated(folder);
    Run lost = Run.of("search", "--string", "nowhere", truncated);

    assertThat(lost.status()).isEqualTo(3);
    assertThat(lost.err())
        .contains(" lost: not searched (offset 0x4000: the file ends here)\n")
        .contains(": not found: nowhere");
    Path excluded = Dumps.small(folder);
    assertThat(Run.of("search", "--string", "nowhere", excluded).err())
        .contains("not found: nowhere (8 KiB of memory are excluded from the dump)");
  }

  @Test
  void wrongUsage() throws IOException {
    Path dump = Dumps.small(folder);
    Run.of("search", dump)
        .misused("vmcore search", "What to find: give --bytes, --string or --pointer-to");
    Run.of("search", "--string", "x", "--phys", "0+1", "--virt", "0+1", dump)
        .misused("vmcore search", "Where to search: give --phys or --virt, not both");
    Run.of("search", "--bytes", "00", "-i", dump)
        .misused("vmcore search", "--ignore-case has no effect without --string");
    Run.of("search", "--bytes", "00", "--within", dump)
        .misused("vmcore search", "--within has no effect without --pointer-to");
    Run.of("search", "--bytes", "00", "--count", "--limit", "1", dump)
        .misused("vmcore search", "--limit has no effect with --count");
    Run.of("search", "--bytes", "00", "--limit", "0", dump)
        .misused("vmcore search", "--limit 0 shows nothing: --count tells how many there are");
    Run.of("search", "--pointer-to", "0x10", "--within", dump)
        .misused(
            "vmcore search", "--within has no effect with an address: give a range, FROM+SIZE");
    Run.of("search", "--string", "", dump)
        .misused("vmcore search", "Invalid value for option '--string': it is empty");
    for (String bytes : new String[] {"0", "0g", "????", "\uff11\uff12"}) {
      assertThat(Run.of("search", "--bytes", bytes, dump).status()).as(bytes).isEqualTo(2);
    }
    assertThat(Run.of("search", "--bytes", "00", "--align", "3", dump).status()).isEqualTo(2);
  }
}
