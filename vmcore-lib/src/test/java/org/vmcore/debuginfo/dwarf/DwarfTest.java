package org.vmcore.debuginfo.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.vmcore.debuginfo.globals.Layer;
import org.vmcore.debuginfo.globals.TypedGlobal;
import org.vmcore.kernel.btf.TypeRecords;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.BtfBuilder;

class DwarfTest {
  private static final long CODE = 0xffff_ffff_8100_0000L;

  private static DebugSections sections(BtfBuilder types) throws VmcoreException {
    return sections(types, List.of(), List.of());
  }

  private static DebugSections sections(
      BtfBuilder types, List<TypedGlobal> variables, List<Function> functions)
      throws VmcoreException {
    TypeRecords records = TypeRecords.parse("BTF", types.build(), 8);
    return Dwarf.of(
        records, (virtual, at) -> virtual, variables, List.of(), functions, OptionalLong.of(250));
  }

  /** The entries of the first unit, without its own. */
  private static List<String> types(BtfBuilder types) throws VmcoreException {
    List<String> lines = DwarfText.of(sections(types));
    int end = 1;
    while (!lines.get(end).startsWith("unit")) {
      end++;
    }
    return lines.subList(1, end).stream().map(line -> line.substring(2)).toList();
  }

  private static List<String> messages(DebugSections sections) {
    return sections.gaps().stream().map(Finding::message).toList();
  }

  @Test
  void numbers() throws VmcoreException {
    BtfBuilder types = new BtfBuilder();
    types.signed("int", 4);
    types.unsigned("unsigned char", 1);
    types.signed("char", 1);
    types.unsigned("u8", 1);
    types.bool();
    types.floating("double", 8);

    assertThat(types(types))
        .containsExactly(
            "base int size=4 encoding=5",
            "base unsigned char size=1 encoding=8",
            "base char size=1 encoding=6",
            "base u8 size=1 encoding=7",
            "base _Bool size=1 encoding=2",
            "base double size=8 encoding=4");
  }

  @Test
  void whatRefersToOthers() throws VmcoreException {
    BtfBuilder types = new BtfBuilder();
    int number = types.signed("int", 4);
    types.pointer(types.constant(number));
    types.pointer(types.constant(0));
    types.typedef("nothing_t", 0);
    types.array(types.typedef("int_t", types.volatiles(number)), 3);
    types.array(types.restrict(types.tagged("rcu", number)), 0);
    types.forward("secret", false);
    types.forward("choice", true);

    assertThat(types(types))
        .containsExactly(
            "base int size=4 encoding=5",
            "const of int",
            "pointer size=8 of const of int",
            "const",
            "pointer size=8 of const",
            "typedef nothing_t",
            "volatile of int",
            "typedef int_t of volatile of int",
            "array of int_t",
            "  subrange last=2",
            "restrict of int",
            "array of restrict of int",
            "  subrange",
            "struct secret declared=1",
            "union choice declared=1");
  }

  @Test
  void structures() throws VmcoreException {
    BtfBuilder types = new BtfBuilder();
    int number = types.signed("int", 4);
    int inner = types.union("", 4).member("all", number, 0).bits("some", number, 3, 5).end();
    int node = types.pointer(types.nextId() + 1);
    types.struct("node", 16).member("next", node, 0).member("", inner, 8).end();

    assertThat(types(types))
        .containsExactly(
            "base int size=4 encoding=5",
            "union size=4",
            "  member all at=0 of int",
            "  member some bits=5 bit=3 of int",
            "pointer size=8 of struct node",
            "struct node size=16",
            "  member next at=0 of pointer of struct node",
            "  member at=8 of union");
  }

  @Test
  void enumerations() throws VmcoreException {
    BtfBuilder types = new BtfBuilder();
    types.signed("int", 4);
    types.enumeration("state", true).value("BAD", -1).value("GOOD", 200).end();
    types.enumeration("", false).value("MOST", 0xffff_ffffL).end();
    types.enumeration64("wide", false).value("HIGH", 1L << 40).end();
    types.enumeration64("deep", true).value("LOW", -1L << 40).end();
    types.enumeration("later", false).end();

    assertThat(types(types))
        .containsExactly(
            "base int size=4 encoding=5",
            "enum state size=4 of int",
            "  enumerator BAD value=-1",
            "  enumerator GOOD value=200",
            "enum size=4",
            "  enumerator MOST value=4294967295",
            "enum wide size=8",
            "  enumerator HIGH value=1099511627776",
            "enum deep size=8",
            "  enumerator LOW value=-1099511627776",
            "enum later size=4 declared=1");
  }

  @Test
  void functionsAreInUnitsOfTheirAddresses() throws VmcoreException {
    BtfBuilder types = new BtfBuilder();
    int number = types.signed("int", 4);
    int proto = types.prototype(number, "nr", number, "", 0);
    int first = types.function("first", proto);
    int none = types.prototype(0);
    int last = types.function("last", none);
    DebugSections sections =
        sections(
            types,
            List.of(),
            List.of(
                new Function(first, proto, CODE, 0x20, true),
                new Function(last, none, CODE + (1 << 20), 0x10, false)));

    assertThat(sections.functions()).isEqualTo(2);
    assertThat(DwarfText.of(sections))
        .filteredOn(line -> !line.startsWith("unit variables"))
        .endsWith(
            "unit functions 0 producer=vmcore, from the kernel's BTF language=12 folder=/"
                + " low=0xffffffff81000000 high=0x20",
            "  function first external=1 prototyped=1 low=0xffffffff81000000 high=0x20 of int",
            "    parameter nr of int",
            "    ...",
            "unit functions 1 producer=vmcore, from the kernel's BTF language=12 folder=/"
                + " low=0xffffffff81100000 high=0x10",
            "  function last external=0 prototyped=1 low=0xffffffff81100000 high=0x10");
  }

  @Test
  void crashLearnsHz() throws VmcoreException {
    BtfBuilder types = new BtfBuilder();
    types.signed("int", 4);
    int proto = types.prototype(0);
    int scope = types.function("dd_init_sched", proto);

    assertThat(
            DwarfText.of(
                sections(types, List.of(), List.of(new Function(scope, proto, CODE, 1, false)))))
        .endsWith("  variable write_expire value=1250 of int");
  }

  @Test
  void variables() throws VmcoreException {
    BtfBuilder types = new BtfBuilder();
    int text = types.signed("char", 1);
    TypedGlobal names =
        new TypedGlobal(
            "names",
            CODE,
            true,
            text,
            List.of(),
            List.of(Layer.CONST, Layer.POINTER),
            List.of(2L, 3L));
    TypedGlobal parts =
        new TypedGlobal(
            "parts",
            0x40,
            false,
            0,
            List.of(new TypedGlobal.Part("one", text, 0, 1)),
            List.of(),
            List.of());

    assertThat(DwarfText.of(sections(types, List.of(names, parts), List.of())))
        .endsWith(
            "  const of char",
            "  pointer size=8 of const of char",
            "  array of pointer of const of char",
            "    subrange last=2",
            "  array of array of pointer of const of char",
            "    subrange last=1",
            "  variable names external=1 location=0xffffffff81000000"
                + " of array of array of pointer of const of char",
            "  struct size=1",
            "    member one at=0 of char",
            "  variable parts external=0 location=0x40 of struct");
  }

  @Test
  void inTheOtherByteOrder() throws VmcoreException {
    BtfBuilder types = new BtfBuilder(ByteOrder.BIG_ENDIAN);
    types.struct("pair", 8).member("first", types.signed("int", 4), 0).end();

    assertThat(DwarfText.of(sections(types), ByteOrder.BIG_ENDIAN))
        .contains("  struct pair size=8", "    member first at=0 of int");
  }

  @Test
  void whatHoldsItselfIsWrittenWithoutIt() throws VmcoreException {
    BtfBuilder types = new BtfBuilder();
    types.struct("self", 8).member("me", 1, 0).end();
    types.typedef("loop_t", types.nextId());
    types.pointer(types.nextId() + 1);
    types.pointer(types.nextId() - 1);

    assertThat(types(types))
        .containsExactly(
            "struct self size=8", "typedef loop_t", "pointer size=8 of pointer", "pointer size=8");
    assertThat(messages(sections(types)))
        .containsExactly("BTF: types that hold themselves, written without what they hold: 3");
  }

  @Test
  void aChainWithoutAnEndIsCut() throws VmcoreException {
    BtfBuilder types = new BtfBuilder();
    int last = types.signed("int", 4);
    for (int i = 0; i < 1000; i++) {
      last = types.pointer(last);
    }

    assertThat(types(types)).filteredOn("pointer size=8"::equals).hasSizeBetween(10, 20);
  }

  @Test
  void membersWithoutATypeOrAPlaceAreLeftOut() throws VmcoreException {
    BtfBuilder types = new BtfBuilder();
    int number = types.signed("int", 4);
    types
        .struct("pair", 8)
        .member("good", number, 4)
        .member("beyond", number, 5)
        .member("none", 77, 0)
        .member("empty", 0, 0)
        .member("function", types.function("f", types.prototype(0)), 0)
        .end();
    types.array(types.array(types.array(number, -1), -1), -1);

    assertThat(types(types)).contains("struct pair size=8", "  member good at=4 of int");
    assertThat(types(types)).noneMatch(line -> line.contains("member beyond"));
    assertThat(types(types)).endsWith("  subrange last=4294967294", "unspecified", "unspecified");
    assertThat(messages(sections(types)))
        .containsExactly("BTF: members and parameters without a type or a place, left out: 4");
  }

  @Test
  void namesArePrintable() throws VmcoreException {
    BtfBuilder types = new BtfBuilder();
    types.typedef("a\033[2Jb\u00e9", 0);
    types.raw(1 << 20, 8 << 24, 0); // a name beyond the strings

    assertThat(types(types)).containsExactly("typedef a?[2Jb??", "typedef");
  }

  @Test
  void aModulesTypesDeclareTheKernels() throws VmcoreException {
    BtfBuilder kernel = new BtfBuilder();
    int number = kernel.signed("int", 4);
    int held = kernel.struct("held", 8).member("nr", number, 0).end();
    int pointed = kernel.struct("pointed", 8).member("nr", number, 0).end();
    kernel.struct("other", 8).member("nr", number, 0).end();
    int pointer = kernel.pointer(pointed);
    BtfBuilder module = new BtfBuilder(kernel);
    module.struct("own", 16).member("held", held, 0).member("to", pointer, 8).end();
    TypeRecords records =
        TypeRecords.parse("BTF", kernel.build(), 8).split("module", module.build());
    DebugSections sections =
        Dwarf.of(
            records, (virtual, at) -> 0, List.of(), List.of(), List.of(), OptionalLong.empty());

    assertThat(DwarfText.of(sections).stream().skip(1).map(String::strip).toList())
        .startsWith(
            "base int size=4 encoding=5",
            "struct held size=8",
            "member nr at=0 of int",
            "struct pointed declared=1",
            "pointer size=8 of struct pointed",
            "struct own size=16",
            "member held at=0 of struct held",
            "member to at=8 of pointer of struct pointed");
    assertThat(DwarfText.of(sections)).noneMatch(line -> line.contains("other"));
  }
}
