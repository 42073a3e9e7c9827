package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.PageTables;
import org.vmcore.testing.Reading;

class TranslateCommandTest {
  private static final long IMAGE = 0xffff_ffff_8100_0000L;
  private static final long VMALLOC = 0xffff_c900_0000_0000L;

  @TempDir Path folder;
  private Path dump;

  /**
   * The root's page in the kernel's image, two pages of vmalloc, a large page and a filtered one.
   */
  private static PageTables tables() {
    return PageTables.x86(39, 30, 21, 12)
        .map(IMAGE + 0x10000, 0x10000, 12)
        .map(VMALLOC, 0x5000, 12)
        .map(VMALLOC + 0x1000, 0x3000, 12)
        .map(VMALLOC + 0x2000, 0x180000, 12)
        .map(VMALLOC + (4 << 20), 0x200000, 21);
  }

  private static DumpBuilder dump(PageTables tables) throws IOException {
    return DumpBuilder.elf64()
        .vmcoreinfo(
            "SYMBOL(swapper_pg_dir)=ffffffff81010000",
            "NUMBER(phys_base)=-16777216",
            "SYMBOL(greeting)=ffffc90000000ffe")
        .load(0, Reading.bytes(tables.memory(), 0, 1 << 20))
        .vaddr(0xffff_8880_0000_0000L)
        .excluded(0x180000, 0x1000)
        .vaddr(0xffff_8880_0018_0000L);
  }

  @BeforeEach
  void makeDump() throws IOException {
    dump = dump(tables()).writeTo(folder.resolve("vmcore"));
  }

  @Test
  void everyStepIsALine() {
    assertThat(Run.of("translate", dump, "0xffffc90000001234").ok().out())
        .isEqualTo(
            """
            LEVEL    ENTRY    VALUE  FLAGS
            PGD    0x10c90  0x14067  P RW US A D
            PUD    0x14000  0x15067  P RW US A D
            PMD    0x15000  0x16067  P RW US A D
            PTE    0x16008   0x3163  P RW A D G
            0xffffc90000001234 is physical 0x3234, in a page of 4 KiB
            """);
    assertThat(Run.of("translate", "--no-header", dump, "0xffffc90000412345").ok().lines())
        .containsExactly(
            "PGD 0x10c90 0x14067 P RW US A D",
            "PUD 0x14000 0x15067 P RW US A D",
            "PMD 0x15010 0x2001e3 P RW A D PS G",
            "0xffffc90000412345 is physical 0x212345, in a page of 2 MiB, not RAM");
  }

  @Test
  void symbolsAndBareAddresses() {
    List<String> lines = Run.of("translate", dump, "0xffffc90000001000").ok().lines();

    assertThat(Run.of("translate", dump, "greeting+2").ok().lines()).isEqualTo(lines);
    assertThat(Run.of("translate", dump, "ffffc90000001000").ok().lines()).isEqualTo(lines);
    Run.of("translate", dump, "nothing")
        .fails(1, "vmcore: " + dump + ": no symbol 'nothing': the kernel's kallsyms isn't found");
    Run.of("translate", dump, "nothing+x")
        .misused(
            "vmcore translate",
            "Invalid value for ADDR|NAME[+N]: 'x' is not a number like 4096, 0x1000 or 4KiB");
  }

  @Test
  void json() {
    Run run = Run.of("translate", "--json", dump, "0xffffc90000001234").ok();
    assertThat(run.json())
        .containsEntry("command", "translate")
        .containsEntry("virtual", "0xffffc90000001234")
        .containsEntry("physical", "0x3234")
        .containsEntry("page_size", "0x1000")
        .containsEntry("state", "present");
    List<Map<String, Object>> steps = run.records("steps");
    assertThat(steps).extracting(step -> step.get("level")).hasToString("[PGD, PUD, PMD, PTE]");
    assertThat(steps.getLast())
        .containsEntry("entry_address", "0x16008")
        .containsEntry("value", "0x3163")
        .containsEntry("flags", "P RW A D G");
  }

  @Test
  void aTasksTopmostTableIsTakenInstead() {
    List<String> kernel = Run.of("translate", dump, "0xffffc90000001234").ok().lines();
    assertThat(Run.of("translate", "--pgd", "0x10000", dump, "0xffffc90000001234").ok().lines())
        .isEqualTo(kernel);
    assertThat(
            Run.of("translate", "--pgd", "ffffffff81010000", dump, "0xffffc90000001234")
                .ok()
                .lines())
        .isEqualTo(kernel);
    Run.of("translate", "--pgd", "0x14000", dump, "0xffffc90000001234")
        .fails(
            1,
            "vmcore: "
                + dump
                + ": virtual address 0xffffc90000001234: not mapped: the PGD entry at physical"
                + " address 0x14c90 is 0x0");
    Run.of("translate", "--pgd", "0x4000000000", dump, "0")
        .fails(1, "vmcore: " + dump + ": --pgd 0x4000000000: the dump knows of no RAM there");
    Run.of("translate", "--pgd", "0xffff000000000000", dump, "0")
        .fails(1, "vmcore: " + dump + ": --pgd 0xffff000000000000: not in the page tables");
  }

  @Test
  void withoutAKernelTheTablesThatAreNamedAreWalked() throws IOException {
    Path bare =
        DumpBuilder.elf64()
            .load(0, Reading.bytes(tables().memory(), 0, 1 << 20))
            .writeTo(folder.resolve("bare"));
    assertThat(Run.of("translate", "--pgd", "0x10000", bare, "0xffffc90000001234").ok().lines())
        .isEqualTo(Run.of("translate", dump, "0xffffc90000001234").ok().lines());
    Run read =
        Run.of("read", "--pgd", "0x10000", "--virt", "0xffffc90000001000", "--length=8", bare);
    assertThat(read.ok().lines().getFirst()).startsWith("0xffffc90000001000 ");
    Run.of("translate", "--pgd", "0xffffffff81010000", bare, "0")
        .fails(
            1,
            "vmcore: "
                + bare
                + ": --pgd 0xffffffff81010000: its physical address isn't known: there is no"
                + " VMCOREINFO");
  }

  /** No page tables are known but those that are named; the PT_LOAD says where the kernel is. */
  @Test
  void aTopmostTableOf32BitsHasAVirtualAddressThatIsPositive() throws IOException {
    byte[] memory = new byte[0x4000];
    ByteBuffer.wrap(memory)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0x1000 + 4 * 0x20, 0x2067)
        .putInt(0x2000 + 4 * 0x48, 0x3067);
    Path i386 =
        DumpBuilder.elf32()
            .machine(3)
            .vmcoreinfo("OSRELEASE=6.1.0\nPAGESIZE=4096\nSYMBOL(swapper_pg_dir)=c0001000\n")
            .load(0, memory)
            .vaddr(0xc000_0000L)
            .writeTo(folder.resolve("i386"));

    List<String> physical = Run.of("translate", "--pgd", "0x1000", i386, "0x8048123").ok().lines();
    assertThat(physical).last().asString().contains("0x3123");
    assertThat(Run.of("translate", "--pgd", "0xc0001000", i386, "0x8048123").ok().lines())
        .isEqualTo(physical);
  }

  @Test
  void physicalAddressesAreFoundInVirtualMemory() {
    assertThat(Run.of("translate", "--phys", "0x10010", dump).ok().lines())
        .containsExactly(
            "VIRTUAL PAGE MAP",
            "0xffff888000010010 - direct map",
            "0xffffffff81010010 0x1000 kernel image");
    assertThat(Run.of("translate", "--phys", "0x3000", dump).ok().lines())
        .containsExactly(
            "VIRTUAL PAGE MAP",
            "0xffff888000003000 - direct map",
            "0xffffc90000001000 0x1000 other");
    Run json = Run.of("translate", "-j", "--phys", "0x212345", dump).ok();
    assertThat(json.json()).containsEntry("physical", "0x212345").containsEntry("state", "not_ram");
    assertThat(json.records("mappings").getFirst())
        .containsEntry("virtual", "0xffffc90000412345")
        .containsEntry("page_size", "0x200000")
        .containsEntry("map", "other");
    Run.of("translate", "--phys", "0x7000000", dump)
        .fails(
            1,
            "vmcore: "
                + dump
                + ": physical address 0x7000000: nothing is known to be mapped there");
    assertThat(Run.of("translate", "--phys", "0x3000", "--pgd", "0x10000", dump).ok().lines())
        .containsExactly("VIRTUAL PAGE MAP", "0xffffc90000001000 0x1000 other");
    Run.of("translate", "--phys", "0x3000", dump, "0x1000")
        .misused("vmcore translate", "Give ADDR|NAME[+N] or --phys, not both");
    Run.of("translate", "--phys", "0x3000", "--system-map", "x", dump)
        .misused("vmcore translate", "--system-map has no effect with --phys");
  }

  @Test
  void aTasksMemoryIsRead() {
    String at = "0xffffc90000000ffe";
    Run run = Run.of("read", "--virt", at, "--pgd", "0x10000", "--length", "4", dump).ok();
    assertThat(run.bytes())
        .isEqualTo(Run.of("read", "--virt", at, "--length", "4", dump).ok().bytes());
    Run.of("read", "--phys", "0", "--pgd", "0x10000", dump)
        .misused("vmcore read", "--pgd has no effect without --virt");
  }

  @Test
  void whatIsNotMappedFailsBehindItsSteps() {
    String line =
        "vmcore: %s: virtual address 0xffffc90000003000: not mapped: the PTE entry at physical"
            + " address 0x16018 is 0x0";
    Run run = Run.of("translate", dump, "0xffffc90000003000");
    run.fails(1, line.formatted(dump));
    assertThat(run.lines()).hasSize(5);
    Run json = Run.of("translate", "-j", dump, "0xffffc90000003000");
    json.fails(1, line.formatted(dump));
    assertThat(json.json())
        .doesNotContainKeys("physical", "page_size")
        .containsEntry("state", "not_ram")
        .containsEntry("reason", "not mapped: the PTE entry at physical address 0x16018 is 0x0");
    assertThat(json.records("steps")).hasSize(4);
  }

  @Test
  void damagedTableGivesExitStatus3() throws IOException {
    PageTables tables = tables();
    tables.put(tables.entry(VMALLOC, 1), 0x7_0000_0067L);
    Path damaged = dump(tables).writeTo(folder.resolve("damaged"));
    Run.of("translate", "--no-header", damaged, "0xffffc90000000000")
        .fails(
            3,
            "vmcore: "
                + damaged
                + ": virtual address 0xffffc90000000000: the PMD entry at physical address"
                + " 0x700000000 is outside of RAM");
  }

  @Test
  void pageThatWasFilteredOutTranslates() {
    assertThat(Run.of("translate", dump, "0xffffc90000002000").ok().out())
        .endsWith("is physical 0x180000, in a page of 4 KiB, excluded from the dump\n");
  }

  @Test
  void readGoesByPageTables() {
    byte[] first = DumpBuilder.pattern(0x5ffe, 2);
    byte[] second = DumpBuilder.pattern(0x3000, 2);
    byte[] wanted = {first[0], first[1], second[0], second[1]};
    for (String[] place :
        new String[][] {{"--virt", "0xffffc90000000ffe"}, {"--symbol", "greeting"}}) {
      assertThat(
              Run.of("read", place[0], place[1], "--length", "4", "--format", "raw", dump)
                  .ok()
                  .bytes())
          .isEqualTo(wanted);
    }
  }

  @Test
  void readGoesByLoadsWherePageTablesHaveNothing() {
    Run run =
        Run.of("read", "--virt", "0xffff888000005000", "--length", "8", "--format", "raw", dump);
    assertThat(run.bytes()).isEqualTo(DumpBuilder.pattern(0x5000, 8));
    run.fails(
        0,
        "vmcore: "
            + dump
            + ": virtual address 0xffff888000005000: not in the page tables: read by the PT_LOADs'"
            + " virtual addresses");
  }

  @Test
  void withoutPageTables() throws IOException {
    Path bare = DumpBuilder.elf64().load(0x1000, 0x1000).writeTo(folder.resolve("bare"));
    Run.of("translate", bare, "0")
        .fails(
            1, "vmcore: " + bare + ": virtual address 0x0: no page tables: there is no VMCOREINFO");
  }

  @Test
  void ramInPlaceOfTheDump() throws IOException {
    byte[] ram = Reading.bytes(tables().memory(), 0, 1 << 20);
    Path file = Files.write(folder.resolve("ram"), ram);
    Path headers =
        DumpBuilder.elf64()
            .load(0, 1 << 20)
            .vaddr(0xffff_8880_0000_0000L)
            .field("p_offset", 0)
            .writeTo(folder.resolve("headers"));
    Run.of("translate", "--oldmem", file, "--elfcorehdr-file", headers, "0xffffc90000001234")
        .fails(
            1,
            "vmcore: "
                + file
                + ": virtual address 0xffffc90000001234: no page tables: there is no VMCOREINFO");
    Run.of("translate", "--oldmem", file, dump, "0x1000")
        .misused("vmcore translate", "Give DUMP or --oldmem, not both");
    Run.of("translate", "--oldmem", file)
        .misused("vmcore translate", "Missing required parameter: 'ADDR|NAME[+N]'");
  }

  @Test
  void wrongUsage() {
    Run.of("translate", dump)
        .misused("vmcore translate", "Missing required parameter: 'ADDR|NAME[+N]'");
    Run.of("translate", dump, "0xhere")
        .misused(
            "vmcore translate",
            "Invalid value for ADDR|NAME[+N]: '0xhere' is not a number like 4096, 0x1000 or 4KiB");
  }
}
