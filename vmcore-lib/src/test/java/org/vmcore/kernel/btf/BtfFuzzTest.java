package org.vmcore.kernel.btf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.vmcore.kernel.declaration.Declaration;
import org.vmcore.kernel.types.StructType;
import org.vmcore.kernel.types.Type;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.BtfBuilder;
import org.vmcore.testing.FuzzTarget;

/** Any bytes as a table of types: every one is decoded, named, sized and declared. */
class BtfFuzzTest extends FuzzTarget {
  /** Each step is bounded, but not all of them together. */
  private static final int MAX_TYPES = 200;

  private static final int MAX_TEXT = 1 << 24;

  @Override
  protected List<byte[]> seeds() {
    return List.of(allKinds(new BtfBuilder()), allKinds(new BtfBuilder().headerSize(32)), loops());
  }

  private static byte[] allKinds(BtfBuilder types) {
    int number = types.signed("int", 4);
    int text = types.array(types.signed("char", 1), 16);
    int node = types.pointer(types.nextId() + 1);
    int list = types.struct("list_head", 16).member("next", node, 0).member("prev", node, 8).end();
    int inner = types.union("", 8).member("a", number, 0).bits("b", number, 3, 5).end();
    int call = types.pointer(types.prototype(number, "a", node, "", 0));
    types
        .struct("task", 64)
        .member("list", list, 0)
        .member("", inner, 16)
        .member("comm", types.constant(text), 24)
        .member("call", types.volatiles(call), 40)
        .member("more", types.array(types.restrict(types.tagged("rcu", node)), 0), 64)
        .end();
    types.enumeration("state", true).value("A", -1).value("B", 1).end();
    types.enumeration64("wide", false).value("C", 1L << 40).end();
    types.forward("secret", true);
    types.typedef("list_t", list);
    types.floating("double", 8);
    types.function("panic", types.prototype(0));
    types.declared("tag", list, -1);
    types.section(".data..percpu", types.variable("runqueues", list), 0, 16);
    return types.build();
  }

  /** Types that refer to themselves and each other. */
  private static byte[] loops() {
    BtfBuilder types = new BtfBuilder();
    types.struct("", 8).member("", 1, 0).member("", 2, 0).member("x", 3, 0).end();
    types.union("", 8).member("", 1, 0).member("", 2, 0).end();
    types.array(3, 7);
    types.typedef("loop_t", 4);
    types.pointer(5);
    types.prototype(7, "", 7, "", 7);
    types.pointer(types.constant(6));
    return types.build();
  }

  @Override
  protected void fuzz(byte[] input) throws VmcoreException {
    Btf btf = Btf.parse("fuzz", input, 8);
    for (int id = 1; id <= Math.min(btf.count(), MAX_TYPES); id++) {
      try {
        look(btf.type(id));
      } catch (VmcoreException damaged) {
        // of this type alone
      }
    }
    assertThat(btf.variables(".data..percpu")).doesNotContainNull();
    for (String name : List.of("list_head", "task", "panic", "A", "")) {
      find(btf, name);
    }
    new NearNames("lisk_head").among(btf);
  }

  private static void look(Type type) throws VmcoreException {
    if (Declaration.of(type).text().length() > MAX_TEXT) {
      throw new AssertionError("a declaration without an end");
    }
    type.declaring("x");
    type.plain();
    type.size();
    if (type instanceof StructType struct) {
      struct.field("next.prev");
    }
  }

  private static void find(Btf btf, String name) throws VmcoreException {
    Optional<Type> found = TypeName.of(name).in(btf);
    try {
      btf.function(name);
      btf.enumerator(name);
      TypeName.of(name).declaredIn(btf);
    } catch (VmcoreException damaged) {
      // of this one alone
    }
    if (found.isPresent() && name.isEmpty()) {
      throw new AssertionError("a type without a name was found by it");
    }
  }
}
