package org.vmcore.kernel.symbols;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.vmcore.kernel.names.SymbolGaps;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * The list of the kernel's modules.
 *
 * <p>Struct module has begun with state, list and name since 2.6; that what is met is one is
 * checked by the name, the state, and by the list's leading back. Source: include/linux/module.h.
 */
final class ModuleList {
  static final int LAST_STATE = 3;
  private static final int MAX_MODULES = 1 << 14;

  private final KernelReader in;
  private final List<KernelModule> modules = new ArrayList<>();
  private final List<Finding> gaps = new ArrayList<>();

  private ModuleList(KernelReader in) {
    this.in = in;
  }

  /**
   * The list with this head, as far as it can be followed.
   *
   * @param head the address of {@code modules}
   */
  static ModuleList of(KernelReader in, long head) throws VmcoreException {
    ModuleList list = new ModuleList(in);
    try {
      list.walk(head);
    } catch (VmcoreException e) {
      list.gaps.add(SymbolGaps.of(e));
    }
    return list;
  }

  /** The list with this head when all of it can be followed and is one of modules. */
  static Optional<ModuleList> whole(KernelReader in, long head) {
    ModuleList list = new ModuleList(in);
    try {
      list.walk(head);
      return list.modules.isEmpty() ? Optional.empty() : Optional.of(list);
    } catch (VmcoreException e) {
      return Optional.empty();
    }
  }

  /** No modules, and why. */
  static ModuleList none(KernelReader in, Finding why) {
    ModuleList list = new ModuleList(in);
    list.gaps.add(why);
    return list;
  }

  /** OFFSET(module.list) in bytes: behind the state, which takes a word. */
  static int list(KernelReader in) {
    return in.wordSize();
  }

  /** OFFSET(module.name) in bytes: behind the list. */
  static int name(KernelReader in) {
    return 3 * in.wordSize();
  }

  /** MODULE_NAME_LEN: with a word it is 64 bytes. */
  static int nameSize(KernelReader in) {
    return 64 - in.wordSize();
  }

  private void walk(long head) throws VmcoreException {
    long before = head;
    long at = in.word(head, "modules");
    while (at != head) {
      if (modules.size() == MAX_MODULES) {
        throw in.fault(head, "modules", "more than " + MAX_MODULES + " of them");
      }
      modules.add(module(at, before));
      before = at;
      at = in.word(at, "module.list");
    }
  }

  private KernelModule module(long node, long before) throws VmcoreException {
    int nameAt = name(in);
    long address = node - list(in);
    byte[] start = in.bytes(address, nameAt + nameSize(in), "struct module");
    int state = in.int32(start, 0);
    String name = in.text(address + nameAt, nameSize(in));
    if (in.word(start, 2 * list(in)) != before) {
      throw in.fault(node, "module.list", "doesn't lead back: the list is damaged");
    }
    if (state < 0 || state > LAST_STATE || !isName(name, nameSize(in))) {
      throw in.fault(address, "struct module", "no module: the list is damaged");
    }
    return new KernelModule(name, address, state);
  }

  private static boolean isName(String name, int most) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c > '~' || c == '/') {
        return false;
      }
    }
    return !name.isEmpty() && name.length() < most;
  }

  List<KernelModule> modules() {
    return modules;
  }

  void gaps(Consumer<Finding> out) {
    gaps.forEach(out);
  }
}
