package org.vmcore.debuginfo.dwarf;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.debuginfo.layout.KernelLayout;
import org.vmcore.kernel.btf.BtfKind;
import org.vmcore.kernel.btf.TypeRecords;
import org.vmcore.kernel.symbols.KernelSymbols;
import org.vmcore.memory.VmcoreException;

/** The functions of a table of types that have a symbol. */
final class Functions {
  static final long LARGEST = 1 << 28;

  private Functions() {}

  /**
   * Those of the kernel, by their addresses. Of several symbols with a name the first is taken, and
   * so it is of several functions.
   */
  static List<Function> of(KernelLayout layout, TypeRecords types) throws VmcoreException {
    KernelSymbols symbols = layout.symbols();
    byte[] strings = types.strings();
    boolean[] isTaken = new boolean[symbols.count()];
    List<Function> functions = new ArrayList<>();
    for (int id = types.firstId(); id < types.endId(); id++) {
      if (types.kind(id) == BtfKind.FUNC && isPrototype(types, types.sizeOrType(id))) {
        int name = types.ownString(types.name(id));
        int symbol = symbols.find(strings, Math.max(name, 0), length(strings, name));
        if (symbol >= 0 && !isTaken[symbol] && layout.isCode(symbol)) {
          isTaken[symbol] = true;
          add(functions, layout, types, id, symbol);
        }
      }
    }
    functions.sort((one, other) -> Long.compareUnsigned(one.address(), other.address()));
    return functions;
  }

  /** Whether it is nm's letter of code. */
  static boolean isCode(char type) {
    return type == 't' || type == 'T' || type == 'w' || type == 'W';
  }

  static boolean isPrototype(TypeRecords types, int id) {
    return types.has(id) && types.kind(id) == BtfKind.FUNC_PROTO;
  }

  private static int length(byte[] strings, int from) {
    int end = from;
    while (end >= 0 && end < strings.length && strings[end] != 0) {
      end++;
    }
    return end - from;
  }

  private static void add(
      List<Function> functions, KernelLayout layout, TypeRecords types, int id, int symbol)
      throws VmcoreException {
    long size = layout.codeSize(symbol);
    if (size > 0 && size < LARGEST) {
      boolean isExternal = Character.isUpperCase(layout.symbols().type(symbol));
      long address = layout.symbols().address(symbol);
      functions.add(new Function(id, types.sizeOrType(id), address, size, isExternal));
    }
  }
}
