package org.vmcore.kernel.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.testing.KernelDump.BASE;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.KernelDump;

/** Objects read by path. */
class KernelObjectTest extends ObjectsKernel {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void numbersAreSignedAsTheirTypesAre(boolean isBig) throws Exception {
    if (isBig) {
      bigEndian();
    }
    int signed = types.signed("short", 2);
    int unsigned = types.unsigned("unsigned short", 2);
    int state = types.enumeration("state", true).value("DEAD", -1).end();
    types
        .struct("numbers", 16)
        .member("a", signed, 0)
        .member("b", unsigned, 2)
        .member("state", state, 4)
        .member("word", types.unsigned("long unsigned int", 8), 8)
        .end();
    memory.u16(AT, -2).u16(AT + 2, -2).u32(AT + 4, -1).u64(AT + 8, -3);

    assertThat(number("numbers", "a")).isEqualTo(-2);
    assertThat(number("numbers", "b")).isEqualTo(0xfffe);
    assertThat(number("numbers", "state")).isEqualTo(-1);
    assertThat(number("numbers", "word")).isEqualTo(-3);
  }

  @Test
  void bitFieldsOfLittleEndianBeginAtTheLowestBit() throws Exception {
    bits();
    memory.u32(AT, 0b10101011_101).u8(AT + 4, 0xff);

    assertThat(number("bits", "a")).isEqualTo(0b101);
    assertThat(number("bits", "b")).isEqualTo(0b10101011);
    assertThat(number("bits", "s")).isEqualTo(-1);
  }

  @Test
  void bitFieldsOfBigEndianBeginAtTheHighestBit() throws Exception {
    bigEndian();
    bits();
    memory.u32(AT, 0b101_10101011L << 21).u8(AT + 4, 0xff);

    assertThat(number("bits", "a")).isEqualTo(0b101);
    assertThat(number("bits", "b")).isEqualTo(0b10101011);
    assertThat(number("bits", "s")).isEqualTo(-1);
  }

  private void bits() {
    int unsigned = types.unsigned("unsigned int", 4);
    types
        .struct("bits", 8)
        .bits("a", unsigned, 0, 3)
        .bits("b", unsigned, 3, 8)
        .bits("s", types.signed("int", 4), 32, 4)
        .end();
  }

  @Test
  void aBitFieldOverBytes() throws Exception {
    types.struct("wide", 16).bits("x", types.unsigned("u64", 8), 4, 62).end();
    memory.u64(AT, 0xfL).u64(AT + 8, 0x3);

    assertThat(number("wide", "x")).isEqualTo(3L << 60);
  }

  @Test
  void pathsFollowPointersMembersAndElements() throws Exception {
    int number = types.signed("int", 4);
    int inner = types.union("", 8).member("count", number, 4).end();
    int item = types.struct("item", 8).member("", inner, 0).end();
    types
        .struct("outer", 32)
        .member("item", types.pointer(item), 0)
        .member("items", types.array(types.pointer(types.constant(item)), 2), 8)
        .end();
    memory.u64(AT, AT + 0x100).u64(AT + 16, AT + 0x200);
    memory.u32(AT + 0x104, 17).u32(AT + 0x10c, 18).u32(AT + 0x204, -5);

    assertThat(number("outer", "item.count")).isEqualTo(17);
    assertThat(number("outer", "item[1].count")).isEqualTo(18);
    assertThat(number("outer", "items[1].count")).isEqualTo(-5);
    assertThat(number("outer", "items[1]")).isEqualTo(AT + 0x200);
    assertThat(this.<Boolean>ask(all -> all.at(AT, "outer").has("item.none"))).isFalse();
    assertThat(this.<Long>ask(all -> all.at(AT, "outer").get("items[1].count").address()))
        .isEqualTo(AT + 0x204);
    assertThatThrownBy(() -> number("outer", "items[2]"))
        .isInstanceOf(VmcoreException.class)
        .hasMessageEndingWith("member items[2] of struct outer");
  }

  @Test
  void textEndsAtItsNul() throws Exception {
    int letter = types.signed("char", 1);
    types
        .struct("named", 32)
        .member("comm", types.array(letter, 8), 0)
        .member("name", types.pointer(letter), 8)
        .end();
    memory.text(AT, "init").u64(AT + 8, AT + 0x100).text(AT + 0x100, "longer than eight");

    assertThat(this.<String>ask(all -> all.at(AT, "named").text("comm"))).isEqualTo("init");
    assertThat(this.<String>ask(all -> all.at(AT, "named").text("name")))
        .isEqualTo("longer than eight");
  }

  @Test
  void theObjectThatAMemberIsIn() throws Exception {
    int list = types.struct("list_head", 16).end();
    types.struct("task", 64).member("tasks", list, 40).end();

    assertThat(
            this.<Long>ask(
                all -> all.at(AT + 40, "list_head").containedIn("task", "tasks").address()))
        .isEqualTo(AT);
  }

  @Test
  void whatIsNoNumberIsRefused() throws Exception {
    types.struct("empty", 16).end();
    types.unsigned("unsigned __int128", 16);

    assertThatThrownBy(() -> this.<Long>ask(all -> all.at(AT, "empty").number()))
        .hasMessageEndingWith("struct empty at 0xffffffff81001000 is no number");
    assertThatThrownBy(() -> this.<Long>ask(all -> all.at(AT, "unsigned __int128").number()))
        .hasMessageEndingWith("is a number of more than 64 bits");
  }

  @Test
  void valuesInText() throws Exception {
    int letter = types.signed("char", 1);
    int state = types.enumeration("state", false).value("RUNNING", 0).end();
    types
        .struct("values", 128)
        .member("number", types.signed("int", 4), 0)
        .member("large", types.unsigned("u64", 8), 8)
        .member("state", state, 16)
        .member("other", state, 20)
        .member("flag", types.bool(), 24)
        .member("letter", letter, 25)
        .member("text", types.array(letter, 8), 32)
        .member("null", types.pointer(0), 40)
        .member("name", types.pointer(types.constant(letter)), 48)
        .member("wide", types.unsigned("unsigned __int128", 16), 56)
        .member("ratio", types.floating("double", 8), 72)
        .end();
    memory.u32(AT, -7).u64(AT + 8, -1).u32(AT + 20, 9).u8(AT + 24, 1).u8(AT + 25, 'x');
    memory.text(AT + 32, "a\"\n\u0001").u64(AT + 48, AT + 0x100).text(AT + 0x100, "behind");
    memory.u64(AT + 56, 5).u64(AT + 64, 1).u64(AT + 72, Double.doubleToLongBits(1.5));

    assertThat(value("values", "number").text()).isEqualTo("-7");
    assertThat(value("values", "large").text()).isEqualTo("18446744073709551615");
    assertThat(value("values", "state").text()).isEqualTo("RUNNING");
    assertThat(value("values", "other").text()).isEqualTo("9");
    assertThat(value("values", "flag").text()).isEqualTo("true");
    assertThat(value("values", "letter").text()).isEqualTo("120 'x'");
    assertThat(value("values", "text").text()).isEqualTo("\"a\\\"\\n\\x01\"");
    assertThat(value("values", "null").text()).isEqualTo("0x0");
    assertThat(value("values", "name").target()).contains("\"behind\"");
    assertThat(value("values", "wide").text()).isEqualTo("0x00000000000000010000000000000005");
    assertThat(value("values", "ratio").text()).isEqualTo("1.5");
  }

  @Test
  void whatIsntInTheDumpSaysWhy() throws Exception {
    types.struct("pair", 16).member("a", types.signed("int", 4), 0).end();
    memory.excludedFrom(BASE + 0x1000);

    assertThat(value("pair", "a"))
        .returns("?", Value::text)
        .satisfies(each -> assertThat(each.missing()).contains("excluded from the dump"))
        .returns(false, Value::isLost);
    memory = new KernelDump().lostFrom(BASE + 0x800);
    assertThat(value("pair", "a")).returns(true, Value::isLost);
  }

  @Test
  void whatIsntKnownIsNamed() throws Exception {
    types.struct("task", 8).end();

    assertThatThrownBy(() -> this.<Object>ask(all -> all.at(AT, "nothing")))
        .hasMessageEndingWith("nothing tells of the kernel's type nothing");
    assertThatThrownBy(() -> this.<Object>ask(all -> all.variable("init_task", "task")))
        .hasMessageEndingWith("nothing tells of the kernel's symbol init_task");
    assertThatThrownBy(() -> this.<Long>ask(all -> all.offset("task", "a", "b")))
        .hasMessageEndingWith("nothing tells of the kernel's member task.a");
  }

  @Test
  void variablesOfCpus() throws Exception {
    int number = types.signed("int", 4);
    int other = types.variable("other", number);
    types.section(".data..percpu", types.variable("known", number), 16, 4, other, 32, 4);
    memory.infoSymbol("known", BASE + 0x3010).infoSymbol("__per_cpu_offset", BASE + 0x2000);
    memory.u64(BASE + 0x2000, 0x1000).u64(BASE + 0x2008, 0x2000);
    memory.u32(BASE + 0x5010, 7).u32(BASE + 0x5020, 8);

    assertThat(this.<Long>ask(all -> all.perCpu("known", "int", 1).number())).isEqualTo(7);
    assertThat(this.<Long>ask(all -> all.perCpu("other", "int", 1).number())).isEqualTo(8);
    assertThat(this.<Boolean>ask(all -> all.perCpu().has("none"))).isFalse();
  }
}
