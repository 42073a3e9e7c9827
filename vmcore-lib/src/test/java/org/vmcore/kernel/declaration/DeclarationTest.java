package org.vmcore.kernel.declaration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.types.Types;
import org.vmcore.testing.BtfBuilder;
import org.vmcore.testing.KernelDump;

/** Declarations, compared with what pahole 1.32 writes. */
class DeclarationTest {
  @TempDir Path folder;
  private final BtfBuilder types = new BtfBuilder();
  private int number;
  private int pointer;
  private int letter;
  private int list;

  @BeforeEach
  void someTypes() {
    number = types.signed("int", 4);
    pointer = types.pointer(types.nextId() + 1);
    list =
        types.struct("list_head", 16).member("next", pointer, 0).member("prev", pointer, 8).end();
    letter = types.signed("char", 1);
  }

  /** What {@code question} says of the types. */
  private <T> T ask(Question<T> question) throws Exception {
    Path btf = Files.write(folder.resolve("btf"), types.build());
    Path dump = new KernelDump().dump().writeTo(folder.resolve("vmcore"));
    try (Vmcore vmcore = Vmcore.open(dump)) {
      return question.ask(Kernel.of(vmcore, Optional.empty(), Optional.of(btf)).types());
    }
  }

  private interface Question<T> {
    T ask(Types types) throws Exception;
  }

  private String declared(String name) throws Exception {
    return ask(
        all -> {
          Declaration declaration = Declaration.of(all.find(name).orElseThrow());
          assertThat(declaration.faults()).isEmpty();
          return declaration.text();
        });
  }

  @Test
  void aStructure() throws Exception {
    assertThat(declared("list_head"))
        .isEqualTo(
            """
            struct list_head {
            	struct list_head *         next;                 /*     0     8 */
            	struct list_head *         prev;                 /*     8     8 */

            	/* size: 16, cachelines: 1, members: 2 */
            	/* last cacheline: 16 bytes */
            };
            """);
  }

  @Test
  void holesPaddingAndCacheLines() throws Exception {
    types
        .struct("gaps", 88)
        .member("flag", letter, 0)
        .member("count", number, 4)
        .member("text", types.array(letter, 52), 8)
        .member("behind", list, 64)
        .member("last", letter, 80)
        .end();

    assertThat(declared("gaps"))
        .isEqualTo(
            """
            struct gaps {
            	char                       flag;                 /*     0     1 */

            	/* XXX 3 bytes hole, try to pack */

            	int                        count;                /*     4     4 */
            	char                       text[52];             /*     8    52 */

            	/* XXX 4 bytes hole, try to pack */

            	/* --- cacheline 1 boundary (64 bytes) --- */
            	struct list_head           behind;               /*    64    16 */
            	char                       last;                 /*    80     1 */

            	/* size: 88, cachelines: 2, members: 5 */
            	/* sum members: 74, holes: 2, sum holes: 7 */
            	/* padding: 7 */
            	/* last cacheline: 24 bytes */
            };
            """);
  }

  @Test
  void bitFields() throws Exception {
    int word = types.unsigned("unsigned int", 4);
    types
        .struct("bits", 12)
        .bits("a", word, 0, 3)
        .bits("b", word, 3, 5)
        .bits("c", word, 32, 1)
        .bits("whole", number, 64, 0)
        .end();

    assertThat(declared("bits"))
        .isEqualTo(
            """
            struct bits {
            	unsigned int               a:3;                  /*     0: 0  4 */
            	unsigned int               b:5;                  /*     0: 3  4 */

            	/* XXX 24 bits hole, try to pack */

            	/* Force alignment to the next boundary: */
            	unsigned int               :0;

            	unsigned int               c:1;                  /*     4: 0  4 */

            	/* XXX 31 bits hole, try to pack */

            	int                        whole;                /*     8     4 */

            	/* size: 12, cachelines: 1, members: 4 */
            	/* sum members: 4 */
            	/* sum bitfield members: 9 bits, bit holes: 2, sum bit holes: 55 bits */
            	/* last cacheline: 12 bytes */
            };
            """);
  }

  @Test
  void nestedStructuresHaveTheirPlacesInTheOutermost() throws Exception {
    int inner = types.struct("", 8).member("x", number, 0).member("y", number, 4).end();
    int either = types.union("", 8).member("pair", inner, 0).member("text", pointer, 0).end();
    types
        .struct("outer", 16)
        .member("", either, 0)
        .member("named", inner, 8)
        .member("rest", types.array(list, 0), 16)
        .end();

    assertThat(declared("outer"))
        .isEqualTo(
            """
            struct outer {
            	union {
            		struct {
            			int        x;                    /*     0     4 */
            			int        y;                    /*     4     4 */
            		} pair;                                  /*     0     8 */
            		struct list_head * text;                 /*     0     8 */
            	};                                               /*     0     8 */
            	struct {
            		int                x;                    /*     8     4 */
            		int                y;                    /*    12     4 */
            	} named;                                         /*     8     8 */
            	struct list_head           rest[];               /*    16     0 */

            	/* size: 16, cachelines: 1, members: 3 */
            	/* last cacheline: 16 bytes */
            };
            """);
  }

  @Test
  void arraysOfArrays() throws Exception {
    int rows = types.array(types.array(number, 3), 2);
    types.struct("table", 24).member("cells", rows, 0).end();

    assertThat(declared("table"))
        .contains("\tint                        cells[2][3];          /*     0    24 */\n");
  }

  @Test
  void packed() throws Exception {
    types.struct("packed", 5).member("a", letter, 0).member("b", number, 1).end();

    assertThat(declared("packed")).endsWith("\n} __attribute__((__packed__));\n");
  }

  @Test
  void aligned() throws Exception {
    types.struct("aligned", 128).member("a", number, 0).member("b", number, 64).end();

    assertThat(declared("aligned"))
        .contains("\tint                        b __attribute__((__aligned__(64))); /*    64")
        .contains("/* forced alignments: 1, forced holes: 1, sum forced holes: 60 */")
        .endsWith("\n} __attribute__((__aligned__(64)));\n");
  }

  @Test
  void aMemberWithHoles() throws Exception {
    int holey = types.struct("holey", 16).member("a", number, 0).member("b", pointer, 8).end();
    types.struct("outer", 24).member("holey", holey, 0).member("x", number, 16).end();

    assertThat(declared("outer"))
        .contains("\n\n\t/* XXX last struct has 1 hole */\n\n")
        .contains("\n\t/* member types with holes: 1, total: 1 */\n");
  }

  @Test
  void enumerations() throws Exception {
    types.enumeration("state", true).value("OFF", 0).value("UNKNOWN", -1).end();

    assertThat(declared("state")).isEqualTo("enum state {\n\tOFF     = 0,\n\tUNKNOWN = -1,\n};\n");
  }

  @Test
  void typedefs() throws Exception {
    int named = types.typedef("list_t", list);
    types.typedef("other_t", named);
    types.typedef("work_t", types.pointer(types.prototype(0, "", pointer)));
    types.typedef("both_t", types.union("", 4).member("a", number, 0).end());

    assertThat(declared("list_t")).isEqualTo("typedef struct list_head list_t;\n");
    assertThat(declared("other_t")).isEqualTo("typedef list_t other_t;\n");
    assertThat(declared("work_t")).isEqualTo("typedef void (*work_t)(struct list_head *);\n");
    assertThat(declared("both_t")).startsWith("typedef union {\n\tint").endsWith("\n} both_t;\n");
  }

  @Test
  void pointersToFunctionsAndToConstants() throws Exception {
    int text = types.pointer(types.constant(letter));
    int call = types.pointer(types.prototype(number, "", text, "", number));
    types.struct("ops", 16).member("name", text, 0).member("call", call, 8).end();

    assertThat(declared("ops"))
        .contains("\tconst char  *              name;                 /*     0     8 */\n")
        .contains("\tint                        (*call)(const char  *, int); /*     8     8 */\n");
  }

  @Test
  void functionsAndVariables() throws Exception {
    types.function(
        "panic", types.prototype(0, "fmt", types.pointer(types.constant(letter)), "", 0));

    assertThat(
            this.<String>ask(
                all -> Declaration.of("panic", all.function("panic").orElseThrow()).text()))
        .isEqualTo("void panic(const char  * fmt, ...);\n");
    assertThat(
            this.<String>ask(
                all -> Declaration.of("heads", all.find("list_head").orElseThrow()).text()))
        .isEqualTo("struct list_head heads;\n");
  }

  @Test
  void aMemberByItself() throws Exception {
    assertThat(
            this.<String>ask(
                all -> Declaration.of("prev", all.field("list_head", "prev").orElseThrow()).text()))
        .isEqualTo("struct list_head *         prev;                 /*     8     8 */\n");
  }

  @Test
  void whatIsDamagedIsSaidAndTheRestIsThere() throws Exception {
    types.struct("half", 16).member("bad", 99, 0).member("good", number, 8).end();

    Declaration half = ask(all -> Declaration.of(all.find("half").orElseThrow()));

    assertThat(half.text())
        .contains(
            "\t?                          bad;                  /*     0     ? */ /* type 99:")
        .contains("\tint                        good;                 /*     8     4 */\n");
    assertThat(half.faults()).containsExactly("bad: type 99: there is no such type");
  }

  @Test
  void withoutBtfWhatVmcoreinfoTells() throws Exception {
    Path dump =
        new KernelDump()
            .info("SIZE(page)=64", "OFFSET(page.lru)=8", "OFFSET(page.flags)=0")
            .dump()
            .writeTo(folder.resolve("vmcore"));
    try (Vmcore vmcore = Vmcore.open(dump)) {
      Types known = Kernel.of(vmcore).types();

      assertThat(known.origin()).isEqualTo(Types.Origin.VMCOREINFO);
      assertThat(Declaration.of(known.find("page").orElseThrow()).text())
          .isEqualTo(
              """
              struct page {
              	?                          flags;                /*     0     ? */
              	?                          lru;                  /*     8     ? */

              	/* only what VMCOREINFO tells of its members */
              };
              """);
      assertThat(known.find("task_struct")).isEmpty();
      assertThat(known.gaps()).isNotEmpty();
    }
  }
}
