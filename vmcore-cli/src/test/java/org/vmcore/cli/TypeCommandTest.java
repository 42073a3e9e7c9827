package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.KernelDump.BASE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.BtfBuilder;
import org.vmcore.testing.KallsymsBytes;
import org.vmcore.testing.KallsymsBytes.Scheme;
import org.vmcore.testing.KernelDump;

class TypeCommandTest {
  private static final long TABLE = BASE + 0x10_0000;
  private static final long ITEM = BASE + 0x5000;

  @TempDir Path folder;
  private final KernelDump memory = new KernelDump().infoSymbol("_stext", BASE + 0x1000);
  private Path dump = Path.of("none");

  @BeforeEach
  void write() throws IOException {
    memory.bytes(TABLE, types().build());
    memory.u64(ITEM, ITEM + 8).text(ITEM + 8, "first").u32(ITEM + 24, 1).u8(ITEM + 28, 0b1010_011);
    memory.u32(ITEM + 32, 7).u32(ITEM + 36, 7).u32(ITEM + 40, 7).u32(ITEM + 44, 8);
    memory.u64(BASE + 0x4000, 0x1000).u64(BASE + 0x4008, ITEM - 0x1c80 - 8);
    dump =
        new KallsymsBytes(Scheme.PERCPU_SIGNED)
            .add(0x1c80, 'A', "cpu_name")
            .add(BASE + 0x1000, 'T', "_stext")
            .add(BASE + 0x4000, 'D', "__per_cpu_offset")
            .add(ITEM, 'D', "item")
            .add(BASE + 0x6000, 'D', "_edata")
            .add(TABLE, 'R', "__start_BTF")
            .writeTo(memory)
            .dump()
            .writeTo(folder.resolve("vmcore"));
  }

  private static BtfBuilder types() {
    BtfBuilder types = new BtfBuilder();
    int number = types.signed("int", 4);
    int word = types.unsigned("unsigned int", 4);
    int text = types.array(types.signed("char", 1), 16);
    int state = types.enumeration("state", false).value("OFF", 0).value("ON", 1).end();
    int bits = types.struct("", 4).bits("low", word, 0, 3).bits("high", word, 3, 29).end();
    int numbers = types.array(number, 4);
    types
        .struct("item", 48)
        .member("next", types.pointer(types.nextId() + 1), 0)
        .member("name", text, 8)
        .member("state", state, 24)
        .member("", bits, 28)
        .member("numbers", numbers, 32)
        .end();
    types.typedef("item_t", types.nextId() - 1);
    types.function("panic", types.prototype(0, "fmt", types.pointer(types.constant(text))));
    types.section(".data..percpu", types.variable("cpu_name", text), 0x1c80, 16);
    types.forward("secret", false);
    return types;
  }

  @Test
  void aStructure() {
    assertThat(Run.of("type", dump, "struct item").ok().out())
        .isEqualTo(
            """
            struct item {
            	struct item *              next;                 /*     0     8 */
            	char                       name[16];             /*     8    16 */
            	enum state                 state;                /*    24     4 */
            	struct {
            		unsigned int       low:3;                /*    28: 0  4 */
            		unsigned int       high:29;              /*    28: 3  4 */
            	};                                               /*    28     4 */
            	int                        numbers[4];           /*    32    16 */

            	/* size: 48, cachelines: 1, members: 5 */
            	/* last cacheline: 48 bytes */
            };
            """);
  }

  @Test
  void otherTypes() {
    assertThat(Run.of("type", dump, "state").out())
        .isEqualTo("enum state {\n\tOFF = 0,\n\tON  = 1,\n};\n");
    assertThat(Run.of("type", dump, "item_t").out()).isEqualTo("typedef struct item item_t;\n");
    assertThat(Run.of("type", dump, "cpu_name").out()).isEqualTo("char cpu_name[16];\n");
    assertThat(Run.of("type", dump, "struct secret").out()).isEqualTo("struct secret;\n");
    assertThat(Run.of("type", dump, "item.numbers[2]").lines())
        .containsExactly("int numbers[2]; /* 40 4 */");
  }

  @Test
  void valuesOfASymbol() {
    assertThat(Run.of("type", dump, "item", "item").ok().out())
        .isEqualTo(
            """
            *(struct item *)0xffffffff81005000 = {
            	.next = 0xffffffff81005008 (item+0x8),
            	.name = "first",
            	.state = ON,
            	.low = 3,
            	.high = 10,
            	.numbers = { [0 ... 2] = 7, 8 },
            }
            """);
  }

  @Test
  void valuesOfAnAddress() {
    String plain = Run.of("type", dump, "item", "item").out();

    assertThat(Run.of("type", dump, "item_t", "0xffffffff81005000").out())
        .isEqualTo(plain.replace("(struct item *)", "(item_t *)"));
    assertThat(Run.of("type", dump, "int", "item+0x2c").out())
        .isEqualTo("*(int *)0xffffffff8100502c = 8\n");
    assertThat(Run.of("type", dump, "item.name", "item").out())
        .isEqualTo("*(char (*)[16])0xffffffff81005008 = \"first\"\n");
    assertThat(Run.of("type", dump, "item.next", "item").out())
        .isEqualTo("*(struct item **)0xffffffff81005000 = 0xffffffff81005008 (item+0x8)\n");
  }

  @Test
  void theVariableOfACpu() {

    assertThat(Run.of("type", "--cpu", "1", dump, "cpu_name").out())
        .isEqualTo("*(char (*)[16])0xffffffff81004ff8 = \"\"\n");
    assertThat(Run.of("type", "--cpu", "1", dump, "int", "cpu_name+0x2c").out())
        .isEqualTo("*(int *)0xffffffff81005024 = 7\n");
  }

  @Test
  void members() {
    assertThat(Run.of("type", "--json", dump, "item").ok().records("members"))
        .hasSize(6)
        .contains(
            Map.of("name", "name", "type", "char [16]", "offset", "0x8", "size", "0x10"),
            Map.of(
                "name",
                "high",
                "type",
                "unsigned int",
                "offset",
                "0x1c",
                "bit_offset",
                3L,
                "bit_size",
                29L));
    assertThat(Run.of("type", "--json", dump, "item").json())
        .containsEntry("kind", "struct")
        .containsEntry("name", "item")
        .containsEntry("size", "0x30");
  }

  @Test
  void valuesAsJson() {
    assertThat(Run.of("type", "--json", dump, "item", "item").ok().records("members"))
        .contains(
            Map.of(
                "name",
                "next",
                "type",
                "struct item *",
                "offset",
                "0x0",
                "size",
                "0x8",
                "value",
                "0xffffffff81005008",
                "symbol",
                "item+0x8"),
            Map.of(
                "name",
                "numbers[0]",
                "type",
                "int",
                "offset",
                "0x20",
                "size",
                "0x4",
                "count",
                3L,
                "value",
                "7"));
    assertThat(Run.of("type", "--json", dump, "state").ok().records("enumerators"))
        .containsExactly(Map.of("name", "OFF", "value", "0"), Map.of("name", "ON", "value", "1"));
    assertThat(Run.of("type", "--json", dump, "panic").json())
        .containsEntry("kind", "function")
        .containsEntry("declaration", "void panic(const char  * fmt);");
  }

  @Test
  void whatCantBeReadIsShown() throws IOException {
    Path lost = memory.lostFrom(ITEM + 24).dump().writeTo(folder.resolve("lost"));

    Run run = Run.of("type", lost, "item", "0xffffffff81005000", "--btf", btf());

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out())
        .contains("\t.name = \"first\",\n\t.state = ?, /* lost */\n\t.low = ?, /* lost */\n");
    assertThat(run.err()).contains("4 of 6 values can't be read: lost");
  }

  @Test
  void whatWasLeftOutIsNoDamage() throws IOException {
    Path excluded = memory.excludedFrom(ITEM).dump().writeTo(folder.resolve("excluded"));

    Run run = Run.of("type", excluded, "item", "0xffffffff81005000", "--btf", btf());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("values can't be read: excluded from the dump");
  }

  private Path btf() throws IOException {
    return Files.write(folder.resolve("btf"), types().build());
  }

  @Test
  void nothingFound() {
    Run.of("type", dump, "itme").fails(1, "vmcore: " + dump + ": no type itme; there is item");
    Run.of("type", dump, "item.nothing")
        .fails(1, "vmcore: " + dump + ": no type item.nothing; there is item, item_t");
    assertThat(Run.of("type", dump, "item", "nobody").err()).contains(": no symbol 'nobody'");
  }

  @Test
  void withoutBtf() throws IOException {
    Path bare =
        new KernelDump()
            .info("OFFSET(list_head.next)=0", "SIZE(list_head)=16")
            .dump()
            .writeTo(folder.resolve("bare"));

    Run run = Run.of("type", bare, "list_head");
    assertThat(run.status()).isZero();
    assertThat(run.lines()).contains("? next; /* 0 ? */");
    assertThat(run.err()).contains("no BTF in the kernel's image");
    assertThat(Run.of("type", bare, "task_struct").err())
        .contains("no type task_struct: there is no BTF, and VMCOREINFO doesn't tell of it");
  }

  /** The file ends within the kernel's image: what isn't found may have been there. */
  @Test
  void lostBtf() throws IOException {
    Path cut =
        new KernelDump()
            .infoSymbol("_stext", KernelDump.BASE)
            .lostFrom(KernelDump.BASE + 0x10_0000)
            .dump()
            .writeTo(folder.resolve("cut"));
    String missing =
        "no BTF in the kernel's image: BTF, the kernel's table of its types isn't found: a part of"
            + " the kernel's image is lost";

    Run.of("type", cut, "task_struct")
        .fails(3, "vmcore: " + cut + ": no type task_struct: " + missing);
    Run.of("ps", cut)
        .fails(
            3,
            "vmcore: "
                + cut
                + ": nothing tells of the kernel's member task_struct.tasks; "
                + missing);
    for (String command : List.of("bt", "modules", "remoteproc")) {
      assertThat(Run.of(command, cut).status()).as(command).isEqualTo(3);
    }
  }

  @Test
  void damagedTypes() throws IOException {
    BtfBuilder half = new BtfBuilder();
    half.struct("half", 8).member("bad", 99, 0).end();
    Path file = Files.write(folder.resolve("half"), half.build());

    Run run = Run.of("type", dump, "half", "--btf", file);

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("bad: type 99: there is no such type");
    assertThat(Run.of("type", "--json", dump, "half", "--btf", file).status()).isEqualTo(3);
  }

  @Test
  void misuse() {
    Run.of("type", dump).misused("vmcore type", "Missing required parameter: 'NAME'");
    Run.of("type", dump, " ").misused("vmcore type", "NAME is empty");
    Run.of("type", dump, "panic", "item")
        .misused("vmcore type", "panic is a function: it has no value");
    Run.of("type", "--cpu", "0", dump, "item")
        .misused("vmcore type", "--cpu has no effect without a per-CPU variable");
    Run.of("type", "--cpu", "0", dump, "item", "0x1000")
        .misused("vmcore type", "--cpu has no effect with an address");
    Run.of("type", dump, "item.", "item")
        .misused("vmcore type", "NAME has no member's name behind its point");
  }

  @Test
  void aModuleOfWhichNothingIsKnown() {
    Run.of("type", "--module", "nfs", dump, "item")
        .fails(1, "vmcore: " + dump + ": no type item of module nfs, of which no types are known");
  }
}
