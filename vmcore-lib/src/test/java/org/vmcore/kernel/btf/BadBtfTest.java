package org.vmcore.kernel.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.kernel.declaration.Declaration;
import org.vmcore.kernel.types.StructType;
import org.vmcore.kernel.types.Type;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.BtfBuilder;

/** Damaged tables: it is said where, and what is in front of it is there. */
class BadBtfTest {
  private static final int STRUCT = 4 << 24;
  private static final int TYPEDEF = 8 << 24;

  private final BtfBuilder types = new BtfBuilder();

  private Btf btf() throws VmcoreException {
    return Btf.parse("table", types.build(), 8);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 23})
  void noHeader(int size) {
    types.struct("one", 1).end();
    byte[] cut = Arrays.copyOf(types.build(), size);

    assertThatThrownBy(() -> Btf.parse("table", cut, 8))
        .isInstanceOf(VmcoreException.class)
        .hasMessage("table: offset 0x0: not BTF: no such header");
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 12, 16, 20})
  void aHeaderWithASizeBeyondAll(int field) {
    types.struct("one", 1).end();
    byte[] bytes = types.build();
    Arrays.fill(bytes, field, field + 4, (byte) 0xff);

    assertThatThrownBy(() -> Btf.parse("table", bytes, 8)).isInstanceOf(VmcoreException.class);
  }

  @Test
  void aTableThatIsCutOff() throws Exception {
    types.struct("one", 1).end();
    types.struct("two", 2).end();
    byte[] cut = Arrays.copyOf(types.build(), 24 + 12 + 11);
    Btf btf = Btf.parse("table", cut, 8);

    assertThat(btf.type(1).size()).isEqualTo(1);
    assertThat(btf.damage()).contains("table: the types end at 47 of 48 bytes");
    assertThatThrownBy(() -> btf.type(2))
        .hasMessage("table: type 2: table: the types end at 47 of 48 bytes");
  }

  @Test
  void aKindThatIsntKnown() throws Exception {
    types.struct("one", 1).end();
    types.raw(0, 31 << 24, 0);
    types.struct("three", 3).end();
    Btf btf = btf();

    assertThat(btf.count()).isEqualTo(1);
    assertThat(btf.damage()).contains("table: type 2 of kind 31, which isn't known");
  }

  @Test
  void moreMembersThanThereAreBytes() throws Exception {
    types.raw(0, STRUCT | 0xffff, 8, 0, 0, 0);

    assertThat(btf().damage()).contains("table: type 1 is cut off");
    assertThat(btf().count()).isZero();
  }

  @Test
  void anIdThatThereIsNot() throws Exception {
    types.struct("one", 8).member("good", 0, 0).member("bad", 77, 0).end();
    StructType one = (StructType) btf().type(1);

    assertThat(one.members().getFirst().type().name()).isEqualTo("void");
    assertThatThrownBy(() -> one.members().getLast().type())
        .hasMessage("table: type 77: there is no such type");
    assertThatThrownBy(() -> btf().type(-1)).hasMessageContaining("there is no such type");
  }

  @Test
  void stringsOutOfTheTableAreEmpty() throws Exception {
    types.raw(0x7fff_ffff, STRUCT, 8);
    types.raw(-1, STRUCT, 8);

    assertThat(((StructType) btf().type(1)).tag()).isEmpty();
    assertThat(((StructType) btf().type(2)).tag()).isEmpty();
  }

  @Test
  void aNameWithoutAnEnd() throws Exception {
    types.struct("x".repeat(5000), 1).end();

    assertThat(((StructType) btf().type(1)).tag()).hasSize(Btf.MAX_NAME);
  }

  @Test
  void aTypedefOfItself() throws Exception {
    int name = types.stringsEnd();
    types.struct("loop_t", 0).end(); // for its name
    types.raw(name, TYPEDEF, 2);
    Type loop = btf().type(2);

    assertThatThrownBy(loop::plain)
        .hasMessage("BTF: loop_t: refers to itself, or is nested too deeply");
    assertThatThrownBy(loop::size).isInstanceOf(VmcoreException.class);
    assertThat(loop.name()).isEqualTo("loop_t");
    assertThat(Declaration.of(loop).text()).isEqualTo("typedef loop_t loop_t;\n");
  }

  @Test
  void aPointerToItselfHasNoName() throws Exception {
    types.pointer(1);

    assertThat(btf().type(1).size()).isEqualTo(8);
    assertThatThrownBy(() -> btf().type(1).name()).isInstanceOf(VmcoreException.class);
  }

  @Test
  void anArrayOfItself() throws Exception {
    types.array(1, 2);

    assertThatThrownBy(() -> btf().type(1).size()).hasMessageContaining("nested too deeply");
  }

  @Test
  void anArrayLargerThanMemory() throws Exception {
    int number = types.unsigned("u64", 8);
    int large = types.array(number, -1);
    int larger = types.array(types.array(large, -1), -1);

    assertThat(btf().type(large).size()).isEqualTo(8 * 0xffff_ffffL);
    assertThatThrownBy(() -> btf().type(larger).size())
        .hasMessageEndingWith("an array larger than memory");
  }

  @Test
  void aStructureInItself() throws Exception {
    types.struct("", 8).member("", 1, 0).member("", 1, 0).end();
    types.struct("outer", 8).member("", 1, 0).end();
    StructType outer = (StructType) btf().type(2);

    assertThat(outer.field("nothing")).isEmpty();
    Declaration declaration = Declaration.of(outer);
    assertThat(declaration.faults()).isNotEmpty();
    assertThat(declaration.text()).startsWith("struct outer {\n\tstruct {\n\t\tstruct {\n");
  }

  @Test
  void functionsThatTakeThemselves() throws Exception {
    int pointer = types.pointer(types.pointer(3));
    types.prototype(pointer, "a", pointer, "b", pointer, "c", pointer, "d", pointer);
    Type function = btf().type(3);

    assertThatThrownBy(() -> function.declaring("f")).isInstanceOf(VmcoreException.class);
    assertThat(Declaration.of("f", function).faults()).isNotEmpty();
  }

  @Test
  void aVariableThatIsNone() throws Exception {
    int number = types.signed("int", 4);
    types.section(".data..percpu", number, 0, 4);

    assertThat(btf().variables(".data..percpu")).isEmpty();
  }

  @Test
  void whatHasNoType() throws Exception {
    int number = types.signed("int", 4);
    int tag = types.declared("tag", number, -1);
    int function = types.function("loop", tag + 1);

    assertThatThrownBy(() -> btf().type(tag))
        .hasMessage("table: type 2: of kind 17, which is no type of a value");
    assertThatThrownBy(() -> btf().type(function))
        .hasMessage("table: type 3: refers to type 3, which is no type of a value");
  }
}
