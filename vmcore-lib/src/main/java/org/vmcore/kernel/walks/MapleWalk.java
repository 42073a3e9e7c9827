package org.vmcore.kernel.walks;

import java.util.Optional;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.types.ArrayType;
import org.vmcore.kernel.types.Field;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * A struct maple_tree: nodes of slots, and of pivots between them, the last index of the slot in
 * front. Nodes begin at multiples of 256 bytes: a word that leads to one has its type in bits 3 to
 * 6; the root's has 10 in its two lowest bits, so that it is told from an entry.
 *
 * <p>Sources: include/linux/maple_tree.h, lib/maple_tree.c.
 */
final class MapleWalk {
  private static final int MAX_DEPTH = 31; // MAPLE_HEIGHT_MAX
  private static final int MAX_NODES = 1 << 20;
  private static final int MAX_SLOTS = 64;
  private static final long NODE_MASK = 0xff;
  private static final String NODE = "maple_node";
  private static final long LAST_MARK = 4096;

  /**
   * Where a type of node has what.
   *
   * @param pivot −1 where it has none, and each slot has one index
   */
  private record Shape(boolean isLeaf, long pivot, int pivots, long slot, int slots) {}

  private final KernelReader in;
  private final Links out;
  private final Shape[] shapes = new Shape[4];
  private final int[] types = new int[4];
  private final long root;
  private final long parent;
  private int nodes;

  MapleWalk(KernelObjects objects, Links out) throws VmcoreException {
    this.in = objects.reader();
    this.out = out;
    this.root = objects.offset("maple_tree", "ma_root");
    this.parent = objects.offset("maple_range_64", "parent");
    Shape range = shape(objects, "maple_range_64", false);
    shape(0, objects, "maple_dense", shape(objects, "maple_node", true));
    shape(
        1,
        objects,
        "maple_leaf_64",
        new Shape(true, range.pivot, range.pivots, range.slot, range.slots));
    shape(2, objects, "maple_range_64", range);
    shape(3, objects, "maple_arange_64", shape(objects, "maple_arange_64", false));
  }

  private void shape(int at, KernelObjects objects, String name, Shape shape)
      throws VmcoreException {
    types[at] = (int) objects.types().enumerator(name).orElse(at);
    shapes[at] = shape;
  }

  private static Shape shape(KernelObjects objects, String type, boolean isDense)
      throws VmcoreException {
    Field slots = field(objects, type, "slot");
    if (isDense) {
      return new Shape(true, -1, 0, slots.offset(), count(slots));
    }
    Field pivots = field(objects, type, "pivot");
    return new Shape(false, pivots.offset(), count(pivots), slots.offset(), count(slots));
  }

  private static Field field(KernelObjects objects, String type, String member)
      throws VmcoreException {
    Optional<Field> found = objects.field(type, member);
    if (found.isEmpty()) {
      throw objects.missing("member " + type + "." + member);
    }
    return found.get();
  }

  private static int count(Field array) throws VmcoreException {
    return array.type().plain() instanceof ArrayType each
        ? (int) Math.min(each.count(), MAX_SLOTS)
        : 0;
  }

  /** All of the tree at {@code tree}. */
  void walk(long tree) {
    try {
      long entry = in.word(tree + root, "maple_tree.ma_root");
      if (isNode(entry)) {
        node(entry, tree | 1, 0, in.wordSize() == Long.BYTES ? -1 : 0xffff_ffffL, 0);
      } else {
        entry(entry, 0, 0);
      }
    } catch (VmcoreException e) {
      out.torn("the tree can't be read", e);
    }
  }

  private static boolean isNode(long entry) {
    return (entry & 3) == 2 && Long.compareUnsigned(entry, LAST_MARK) > 0;
  }

  private Shape shape(long entry, long node) throws VmcoreException {
    int type = (int) entry >> 3 & 0xf;
    for (int i = 0; i < types.length; i++) {
      if (types[i] == type) {
        return shapes[i];
      }
    }
    throw in.fault(node, NODE, "type " + type + " isn't known");
  }

  /**
   * Goes over a node; gives whether more is wanted.
   *
   * @param up what its parent word holds but for the lowest bits
   */
  private boolean node(long entry, long up, long min, long max, int depth) {
    long node = entry & ~NODE_MASK;
    Shape shape;
    byte[] slots;
    byte[] pivots;
    try {
      shape = shape(entry, node);
      if (depth == MAX_DEPTH || nodes++ == MAX_NODES) {
        throw in.fault(node, NODE, "nested too deeply, or too many of them");
      }
      long back = in.word(node + parent, NODE);
      if (depth == 0 ? back != up : (back & ~NODE_MASK) != up) {
        throw in.fault(node, NODE, "has another parent than " + Hex.of(up));
      }
      slots = in.bytes(node + shape.slot, shape.slots * in.wordSize(), "maple_node.slot");
      pivots = in.bytes(node + Math.max(0, shape.pivot), shape.pivots * in.wordSize(), "pivot");
    } catch (VmcoreException e) {
      out.torn("a part of the tree is left out", e);
      return true;
    }
    long first = min;
    for (int i = 0; i < shape.slots; i++) {
      long last = last(shape, pivots, i, min, max);
      if (Long.compareUnsigned(last, first) < 0 || Long.compareUnsigned(last, max) > 0) {
        out.torn("a part of the tree is left out", in.fault(node, NODE, "pivots don't ascend"));
        return true;
      }
      long slot = in.word(slots, i * in.wordSize());
      if (!shape.isLeaf && slot != 0 && (slot & ~NODE_MASK) == 0) {
        out.torn("a part of the tree is left out", in.fault(node, NODE, "a slot leads to no node"));
        return true;
      }
      boolean wanted =
          (shape.isLeaf || slot == 0)
              ? entry(slot, first, last)
              : node(slot, node, first, last, depth + 1);
      if (!wanted || last == max) {
        return wanted;
      }
      first = last + 1;
    }
    return true;
  }

  /** The last index of a slot; a pivot of 0 behind the first one isn't used any more. */
  private long last(Shape shape, byte[] pivots, int slot, long min, long max) {
    if (shape.pivot < 0) {
      return min + slot;
    }
    long pivot = slot < shape.pivots ? in.word(pivots, slot * in.wordSize()) : max;
    return pivot == 0 && slot > 0 ? max : pivot;
  }

  private boolean entry(long entry, long first, long last) {
    if (entry == 0 || (entry & 3) == 2) {
      return true; // nothing, or only reserved
    }
    return out.add(
        (entry & 1) != 0
            ? Link.value(entry >>> 1, first, last, 0)
            : Link.entry(entry, first, last, 0));
  }
}
