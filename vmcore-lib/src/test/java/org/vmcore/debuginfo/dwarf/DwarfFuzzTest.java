package org.vmcore.debuginfo.dwarf;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.vmcore.debuginfo.globals.TypedGlobal;
import org.vmcore.kernel.btf.BtfKind;
import org.vmcore.kernel.btf.TypeRecords;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.BtfBuilder;
import org.vmcore.testing.FuzzTarget;

/** Any bytes as a table of types: the DWARF that is made of them is in order. */
class DwarfFuzzTest extends FuzzTarget {
  private static final int MAX_FUNCTIONS = 1000;

  @Override
  protected List<byte[]> seeds() {
    return List.of(good(), loops());
  }

  private static byte[] good() {
    BtfBuilder types = new BtfBuilder();
    int number = types.signed("int", 4);
    int node = types.pointer(types.nextId() + 1);
    int list = types.struct("list_head", 16).member("next", node, 0).member("prev", node, 8).end();
    int inner = types.union("", 8).member("a", number, 0).bits("b", number, 3, 5).end();
    types.struct("task", 64).member("list", list, 0).member("", inner, 16).end();
    types.enumeration("state", true).value("A", -1).value("B", 1).end();
    types.enumeration64("wide", false).value("C", 1L << 40).end();
    types.array(types.constant(types.volatiles(types.restrict(node))), 16);
    types.function("panic", types.prototype(number, "nr", number, "", 0));
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
    TypeRecords types = TypeRecords.parse("fuzz", input, 8);
    List<Function> functions = new ArrayList<>();
    List<TypedGlobal> variables = new ArrayList<>();
    for (int id = 1; id < types.endId() && functions.size() < MAX_FUNCTIONS; id++) {
      if (types.kind(id) == BtfKind.FUNC && Functions.isPrototype(types, types.sizeOrType(id))) {
        functions.add(new Function(id, types.sizeOrType(id), 16L * id, 8, true));
      }
      if (types.kind(id) == BtfKind.VAR) {
        int type = types.sizeOrType(id);
        variables.add(new TypedGlobal("v" + id, id, true, type, List.of(), List.of(), List.of(2L)));
      }
    }
    DebugSections sections =
        Dwarf.of(
            types,
            (virtual, at) -> virtual,
            variables,
            List.of(),
            functions,
            OptionalLong.of(1000));
    DwarfText.of(sections, types.isBigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
  }
}
