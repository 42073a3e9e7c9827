package org.vmcore.kernel.btf;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.kernel.types.ArrayType;
import org.vmcore.kernel.types.EnumType;
import org.vmcore.kernel.types.Field;
import org.vmcore.kernel.types.FloatType;
import org.vmcore.kernel.types.ForwardType;
import org.vmcore.kernel.types.FunctionType;
import org.vmcore.kernel.types.IntType;
import org.vmcore.kernel.types.PointerType;
import org.vmcore.kernel.types.QualifiedType;
import org.vmcore.kernel.types.StructType;
import org.vmcore.kernel.types.Type;
import org.vmcore.kernel.types.Variable;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.BtfBuilder;

/** Tables of types, decoded. */
class BtfTest {
  private final BtfBuilder types = new BtfBuilder();

  private Btf btf() throws VmcoreException {
    return Btf.parse("table", types.build(), 8);
  }

  private Type named(String name) throws VmcoreException {
    return TypeName.of(name).in(btf()).orElseThrow();
  }

  @Test
  void integers() throws Exception {
    types.unsigned("unsigned char", 1);
    types.signed("int", 4);
    types.bool();

    assertThat(named("unsigned char"))
        .isEqualTo(new IntType("unsigned char", 1, 8, 0, false, false));
    assertThat(named("int")).isEqualTo(new IntType("int", 4, 32, 0, true, false));
    assertThat(named("_Bool")).isEqualTo(new IntType("_Bool", 1, 8, 0, false, true));
  }

  @Test
  void aByteOrderIsTheTables() throws Exception {
    BtfBuilder big = new BtfBuilder(BIG_ENDIAN);
    big.struct("list_head", 16).member("next", big.pointer(1), 0).end();

    Type list = TypeName.of("list_head").in(Btf.parse("table", big.build(), 8)).orElseThrow();

    assertThat(list.size()).isEqualTo(16);
  }

  @Test
  void aHeaderMayBeLonger() throws Exception {
    types.headerSize(32).floating("double", 8);

    assertThat(named("double")).isEqualTo(new FloatType("double", 8));
  }

  @Test
  void pointersAndArrays() throws Exception {
    int number = types.signed("int", 4);
    int array = types.array(types.array(number, 3), 2);
    int pointer = types.pointer(array);

    ArrayType outer = (ArrayType) btf().type(array);
    assertThat(outer.count()).isEqualTo(2);
    assertThat(outer.elementSize()).isEqualTo(12);
    assertThat(outer.size()).isEqualTo(24);
    assertThat(outer.name()).isEqualTo("int [2][3]");
    assertThat(btf().type(pointer).size()).isEqualTo(8);
    assertThat(btf().type(pointer).name()).isEqualTo("int (*)[2][3]");
  }

  @Test
  void aPointerIsAsWideAsTheKernels() throws Exception {
    int pointer = types.pointer(0);

    assertThat(Btf.parse("table", types.build(), 4).type(pointer).size()).isEqualTo(4);
  }

  @Test
  void membersAreFoundThroughAnonymousOnes() throws Exception {
    int number = types.signed("int", 4);
    int inner = types.union("", 4).member("a", number, 0).member("b", number, 0).end();
    int named = types.struct("named", 8).member("x", number, 4).end();
    types
        .struct("outer", 24)
        .member("first", number, 0)
        .member("", inner, 8)
        .member("named", named, 16)
        .end();
    StructType outer = (StructType) named("outer");

    assertThat(outer.field("b")).map(Field::offset).contains(8L);
    assertThat(outer.field("named.x")).map(Field::offset).contains(20L);
    assertThat(outer.field("x")).isEmpty();
    assertThat(outer.field("first.x")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "mem[2].base, 24",
    "mem[0], 0",
    "mem[3], ",
    "flexible[100], 432",
    "mem.base, ",
    "none, "
  })
  void elementsByIndex(String path, Long offset) throws Exception {
    int number = types.signed("int", 4);
    int memory = types.struct("memory", 8).member("base", number, 8).end();
    types
        .struct("module", 32)
        .member("mem", types.array(memory, 3), 0)
        .member("flexible", types.array(number, 0), 32)
        .end();

    Optional<Field> field = ((StructType) named("module")).field(path);

    assertThat(field.map(Field::offset)).isEqualTo(Optional.ofNullable(offset));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.", ".a", "a..b", "a[", "a[x]", "a[]", "a[-1]", "a[1234567890]"})
  void aPathThatIsNone(String path) throws Exception {
    int number = types.signed("int", 4);
    int inner = types.struct("inner", 4).member("b", number, 0).end();
    types.struct("outer", 4).member("a", inner, 0).end();
    StructType outer = (StructType) named("outer");
    Optional<Field> found = Optional.empty();
    try {
      found = outer.field(path);
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageStartingWith(path + ": ");
    }
    assertThat(found).isEmpty();
  }

  @Test
  void bitFields() throws Exception {
    int number = types.unsigned("unsigned int", 4);
    types
        .struct("flags", 8)
        .bits("whole", number, 0, 0)
        .bits("three", number, 32, 3)
        .bits("twelve", number, 35, 12)
        .end();
    StructType flags = (StructType) named("flags");

    assertThat(flags.field("whole").orElseThrow().bitfieldSize()).isZero();
    assertThat(flags.field("twelve").orElseThrow())
        .returns(35L, Field::bitOffset)
        .returns(4L, Field::offset)
        .returns(12, Field::bitfieldSize);
  }

  @Test
  void enumerationsOf32And64Bits() throws Exception {
    types.enumeration("plain", false).value("NONE", 0).value("ALL", 0xffff_ffffL).end();
    types.enumeration("below", true).value("MINUS", -1).end();
    types.enumeration64("wide", false).value("TOP", 1L << 63).value("LOW", 7).end();

    assertThat(((EnumType) named("enum plain")).values())
        .containsExactly(
            new EnumType.Enumerator("NONE", 0), new EnumType.Enumerator("ALL", 0xffff_ffffL));
    assertThat(((EnumType) named("below")).nameOf(-1)).contains("MINUS");
    assertThat(((EnumType) named("wide")).nameOf(1L << 63)).contains("TOP");
    assertThat(btf().enumerator("LOW")).hasValue(7);
    assertThat(btf().enumerator("MINUS")).hasValue(-1);
    assertThat(btf().enumerator("plain")).isEmpty();
  }

  @Test
  void typedefsQualifiersAndTagsAroundAType() throws Exception {
    int number = types.signed("int", 4);
    int tagged = types.tagged("user", types.constant(types.volatiles(number)));
    types.typedef("strange_t", types.restrict(types.pointer(tagged)));
    Type strange = named("strange_t");

    assertThat(strange.plain()).isInstanceOf(PointerType.class);
    assertThat(strange.size()).isEqualTo(8);
    PointerType pointer = (PointerType) strange.plain();
    assertThat(pointer.target())
        .isInstanceOfSatisfying(
            QualifiedType.class, tag -> assertThat(tag.tag()).isEqualTo("user"));
    assertThat(pointer.target().plain().name()).isEqualTo("int");
    assertThat(pointer.name()).isEqualTo("const volatile int *");
  }

  @Test
  void whatIsOnlyDeclared() throws Exception {
    types.forward("secret", false);
    types.forward("either", true);

    assertThat(TypeName.of("secret").in(btf())).isEmpty();
    assertThat(TypeName.of("struct secret").declaredIn(btf()))
        .contains(new ForwardType("secret", false));
    assertThat(TypeName.of("either").declaredIn(btf())).contains(new ForwardType("either", true));
  }

  @Test
  void functions() throws Exception {
    int number = types.signed("int", 4);
    int text = types.pointer(types.constant(types.signed("char", 1)));
    types.function("panic", types.prototype(0, "fmt", text, "", 0));
    types.function("sum", types.prototype(number, "a", number, "b", number));

    FunctionType panic = btf().function("panic").orElseThrow();
    assertThat(panic.isVariadic()).isTrue();
    assertThat(panic.parameters()).hasSize(1);
    assertThat(panic.declaring("panic")).isEqualTo("void panic(const char *, ...)");
    assertThat(btf().function("sum").orElseThrow().declaring("(*sum)"))
        .isEqualTo("int (*sum)(int, int)");
    assertThat(btf().function("none")).isEmpty();
  }

  @Test
  void variablesOfASection() throws Exception {
    int number = types.signed("int", 4);
    int one = types.variable("one", number);
    int two = types.variable("two", types.pointer(number));
    types.section(".data..percpu", one, 0, 4, two, 64, 8);

    List<String> found = new ArrayList<>();
    for (Variable each : btf().variables(".data..percpu")) {
      found.add(each.type().declaring(each.name()) + " " + each.offset() + " " + each.size());
    }
    assertThat(found).containsExactly("int one 0 4", "int *two 64 8");
    assertThat(btf().variables(".bss")).isEmpty();
  }

  @Test
  void aSplitTableGoesOnBehindItsBase() throws Exception {
    int number = types.signed("int", 4);
    types.struct("mine", 4).member("number", number, 0).end();
    BtfBuilder module = new BtfBuilder(types);
    module.struct("yours", 8).member("number", number, 4).end();
    Btf split = Btf.split("module", module.build(), btf());

    StructType yours = (StructType) TypeName.of("yours").in(split).orElseThrow();
    assertThat(yours.field("number").orElseThrow().type().name()).isEqualTo("int");
    assertThat(TypeName.of("mine").in(split)).isEmpty();
    assertThat(Btf.isSplit(module.build())).isTrue();
    assertThat(Btf.isSplit(types.build())).isFalse();
  }

  @Test
  void namesOfOneHashAreToldApart() throws Exception {
    types.struct("Aa", 1).end();
    types.struct("BB", 2).end(); // "Aa".hashCode() == "BB".hashCode()

    assertThat(named("Aa").size()).isEqualTo(1);
    assertThat(named("BB").size()).isEqualTo(2);
    assertThat(TypeName.of("C#").in(btf())).isEmpty();
  }

  @Test
  void oneNameOfSeveralKinds() throws Exception {
    int number = types.signed("int", 4);
    types.typedef("name", number);
    types.enumeration("name", false).value("A", 1).end();
    types.struct("name", 3).end();

    assertThat(named("name").size()).isEqualTo(3);
    assertThat(named("enum name")).isInstanceOf(EnumType.class);
    assertThat(TypeName.of("union name").in(btf())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"unsigned long, long unsigned int", "long, long int", "short, short int"})
  void integersByTheNamesOfC(String written, String compilers) throws Exception {
    types.unsigned(compilers, 8);

    assertThat(named(written).name()).isEqualTo(compilers);
  }

  @Test
  void decodingAgainGivesTheSame() throws Exception {
    types.struct("one", 1).end();
    Btf btf = btf();

    assertThat(btf.type(1)).isSameAs(btf.type(1));
    assertThat(btf.type(0).name()).isEqualTo("void");
  }
}
