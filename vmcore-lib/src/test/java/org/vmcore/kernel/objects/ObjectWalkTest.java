package org.vmcore.kernel.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.KernelDump.BASE;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All values of an object. */
class ObjectWalkTest extends ObjectsKernel {
  /** What is told, a line each. */
  private List<String> walk(String type) throws Exception {
    List<String> lines = new ArrayList<>();
    return this.<List<String>>ask(
        objects -> {
          ObjectWalk.over(objects.at(AT, type), new Lines(lines));
          return lines;
        });
  }

  private record Lines(List<String> lines) implements ObjectVisitor {
    @Override
    public void begin(String name, long count, KernelObject object) {
      lines.add(name + (count > 1 ? "*" + count : "") + " {");
    }

    @Override
    public void value(String name, long count, KernelObject object, Value value) {
      lines.add(name + (count > 1 ? "*" + count : "") + " " + value.text());
    }

    @Override
    public void end(long left) {
      lines.add("}" + (left > 0 ? left : ""));
    }
  }

  @Test
  void membersOfAnonymousStructuresAreTheOuterOnes() throws Exception {
    int number = types.signed("int", 4);
    int either = types.union("", 4).member("a", number, 0).member("b", number, 0).end();
    int named = types.struct("named", 4).member("x", number, 0).end();
    types.struct("outer", 12).member("", either, 0).member("named", named, 8).end();
    memory.u32(AT, 1).u32(AT + 8, 2);

    assertThat(walk("outer")).containsExactly(" {", ".a 1", ".b 1", ".named {", ".x 2", "}", "}");
  }

  @Test
  void equalElementsInARowAreOne() throws Exception {
    int number = types.signed("int", 4);
    int pair = types.struct("pair", 8).member("a", number, 0).end();
    types
        .struct("arrays", 64)
        .member("numbers", types.array(number, 6), 0)
        .member("pairs", types.array(pair, 3), 24)
        .member("none", types.array(number, 0), 48)
        .end();
    memory.u32(AT, 5).u32(AT + 20, 9).u32(AT + 40, 1);

    assertThat(walk("arrays"))
        .containsExactly(
            " {",
            ".numbers {",
            "[0] 5",
            "[1]*4 0",
            "[5] 9",
            "}",
            ".pairs {",
            "[0]*2 {",
            ".a 0",
            "}",
            "[2] {",
            ".a 1",
            "}",
            "}",
            ".none {",
            "}",
            "}");
  }

  @Test
  void arraysAreToldSoFar() throws Exception {
    types.struct("many", 4000).member("x", types.array(types.signed("int", 4), 1000), 0).end();
    for (int i = 0; i < 1000; i++) {
      memory.u32(AT + 4L * i, i);
    }

    List<String> lines = walk("many");

    assertThat(lines).hasSize(ObjectWalk.MAX_ELEMENTS + 4);
    assertThat(lines).contains("[255] 255", "}" + (1000 - ObjectWalk.MAX_ELEMENTS));
  }

  @Test
  void whatCantBeReadStandsBesideWhatCan() throws Exception {
    int number = types.signed("int", 4);
    types.struct("torn", 0x1000).member("a", number, 0).member("b", number, 0xff8).end();
    memory.u32(AT, 3).u32(AT + 0xff8, 4).without(BASE + 0x1800, BASE + 0x1ff0);
    assertThat(walk("torn")).containsExactly(" {", ".a 3", ".b 4", "}");

    types.struct("lost", 0x1000).member("a", number, 0).member("b", number, 0x900).end();
    assertThat(walk("lost")).containsExactly(" {", ".a 3", ".b ?", "}");
  }

  @Test
  void bitFields() throws Exception {
    int number = types.unsigned("unsigned int", 4);
    types.struct("bits", 4).bits("a", number, 0, 4).bits("b", number, 4, 4).end();
    memory.u32(AT, 0x21);

    assertThat(walk("bits")).containsExactly(" {", ".a 1", ".b 2", "}");
  }

  @Test
  void damagedTypesAreValuesThatAreMissing() throws Exception {
    int number = types.signed("int", 4);
    types.struct("half", 8).member("bad", 99, 0).member("good", number, 4).end();
    memory.u32(AT + 4, 4);

    assertThat(walk("half")).containsExactly(" {", ".bad ?", ".good 4", "}");
  }

  @Test
  void aStructureInItselfEnds() throws Exception {
    int inner = types.nextId();
    types.struct("", 8).member("", inner, 0).member("", inner, 0).member("x", inner, 0).end();
    types.struct("loop", 8).member("x", inner, 0).member("y", inner, 0).end();

    assertThat(walk("loop").size()).isLessThan(4 * ObjectWalk.MAX_VALUES);
  }

  @Test
  void anArrayWithoutEndEnds() throws Exception {
    int nothing = types.struct("nothing", 0).end();
    int many = types.array(nothing, -1);
    types.struct("outer", 8).member("many", many, 0).end();

    assertThat(walk("outer")).containsExactly(" {", ".many {", "[0]*4294967295 {", "}", "}", "}");
  }
}
