package org.vmcore.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.vmcore.io.Finding;
import org.vmcore.io.VmcoreException;

/**
 * The list of the kernel's modules.
 *
 * <p>Struct module has begun with state, list and name since 2.6; that what is met is one is
 * checked by the name, the state, and by the list's leading back. Source: include/linux/module.h.
 */
final class ModuleList {
  /** OFFSET(module.list) with pointers of 8 bytes. */
  private static final int LIST = 8;

  private static final int HEAD = 16; // struct list_head: next, prev
  private static final int NAME = 24;
  private static final int NAME_SIZE = 56;
  private static final int LAST_STATE = 3;
  private static final int MAX_MODULES = 1 << 14;
  private static final int PIECE = 1 << 20;

  private final Reader in;
  private final List<KernelModule> modules = new ArrayList<>();
  private final List<Finding> gaps = new ArrayList<>();

  private ModuleList(Reader in) {
    this.in = in;
  }

  /**
   * The list with this head, as far as it can be followed.
   *
   * @param head the address of {@code modules}
   */
  static ModuleList of(Reader in, long head) throws VmcoreException {
    ModuleList list = new ModuleList(in);
    try {
      list.walk(head);
    } catch (VmcoreException e) {
      list.gaps.add(SymbolGaps.of(e));
    }
    return list;
  }

  /** No modules, and why. */
  static ModuleList none(Reader in, Finding why) {
    ModuleList list = new ModuleList(in);
    list.gaps.add(why);
    return list;
  }

  /** Looks for the head of the list in {@code size} bytes of the kernel's data. */
  static OptionalLong search(Reader in, long start, long size) throws VmcoreException {
    Window window = new Window(in.memory(), PIECE);
    for (long done = 0; done >= 0 && done < size; ) {
      int place = window.at(start + done, HEAD);
      if (place < 0) {
        long hole = in.memory().extentAt(start + done).sizeFrom(start + done);
        done = hole < 0 ? size : done + (Math.max(hole, HEAD) & -LIST);
        continue;
      }
      int length = (int) Math.min(window.left(place), size - done);
      long head = head(in, window.bytes(), place, length, start + done);
      if (head != 0) {
        return OptionalLong.of(head);
      }
      done += Math.max(length - HEAD + LIST & -LIST, LIST);
    }
    return OptionalLong.empty();
  }

  /** Most words aren't addresses of the kernel's: one byte of each tells. */
  private static long head(Reader in, byte[] bytes, int from, int length, long address)
      throws VmcoreException {
    int top = in.isBigEndian() ? 0 : LIST - 1;
    for (int at = from; at + HEAD <= from + length; at += LIST) {
      if (bytes[at + top] == -1 && bytes[at + LIST + top] == -1) {
        long head = address + at - from;
        if (isHead(in, head, in.int64(bytes, at), in.int64(bytes, at + LIST))) {
          return head;
        }
      }
    }
    return 0;
  }

  private static boolean isHead(Reader in, long head, long next, long prev) throws VmcoreException {
    boolean mayBe = next != head && ((next | prev) & (LIST - 1)) == 0;
    if (!mayBe || !isFirst(in, head, next - LIST)) {
      return false;
    }
    ModuleList list = new ModuleList(in);
    try {
      list.walk(head);
    } catch (VmcoreException e) {
      return false;
    }
    return ModuleTables.of(in, list.modules).isFound();
  }

  /** Whether a module at {@code address} leads back to {@code head}: most lists are others. */
  private static boolean isFirst(Reader in, long head, long address) throws VmcoreException {
    byte[] start = in.upTo(address, NAME + NAME_SIZE);
    return start.length == NAME + NAME_SIZE
        && in.int64(start, 2 * LIST) == head
        && in.int32(start, 0) >= 0
        && in.int32(start, 0) <= LAST_STATE
        && start[NAME] > ' ';
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
    long address = node - LIST;
    byte[] start = in.bytes(address, NAME + NAME_SIZE, "struct module");
    int state = in.int32(start, 0);
    String name = in.text(address + NAME, NAME_SIZE);
    if (in.word(start, 2 * LIST) != before) {
      throw in.fault(node, "module.list", "doesn't lead back: the list is damaged");
    }
    if (state < 0 || state > LAST_STATE || !isName(name)) {
      throw in.fault(address, "struct module", "no module: the list is damaged");
    }
    return new KernelModule(name, address, state);
  }

  private static boolean isName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c > '~' || c == '/') {
        return false;
      }
    }
    return !name.isEmpty() && name.length() < NAME_SIZE;
  }

  List<KernelModule> modules() {
    return modules;
  }

  void gaps(Consumer<Finding> out) {
    gaps.forEach(out);
  }
}
