package org.vmcore.kernel.walks;

import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.types.ArrayType;
import org.vmcore.kernel.types.Field;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * A struct xarray or, before 4.20, radix_tree_root: nodes of slots, each for 6 bits of an index.
 *
 * <p>The two lowest bits tell what a word is: 00 an address, 10 a node or, if it is small, a mark
 * (an entry that goes on from the slot before, or is reserved); the lowest bit is set in numbers.
 * In the radix tree 01 is a node, and one that leads into the node itself goes on from a slot; 10
 * is a number. Sources: include/linux/xarray.h, radix-tree.h.
 */
final class XarrayWalk {
  /** With 6 bits a level, and 4 where the kernel is small. */
  private static final int MAX_DEPTH = 17;

  private static final int MAX_NODES = 1 << 20;
  private static final int MAX_SLOTS = 256;
  private static final int MARKS = 3;

  /** Words of the second kind that aren't above it are marks. */
  private static final long LAST_MARK = 4096;

  /** The words of this kind that are below stand for a slot's number. */
  private static final long LAST_SIBLING = 256;

  private final KernelReader in;
  private final Links out;
  private final String type;
  private final boolean isOld;
  private final long shift;
  private final long parent;
  private final long slots;
  private final int count;
  private final int bits;
  private final long marks;
  private final long indexes;
  private int nodes;

  /** The last entry, which slots behind it may belong to. */
  private Link last = Link.ofNode(0);

  private boolean isPending;

  XarrayWalk(KernelObjects objects, Links out) throws VmcoreException {
    this.in = objects.reader();
    this.out = out;
    this.isOld = objects.field("xa_node", "slots").isEmpty();
    this.type = isOld ? "radix_tree_node" : "xa_node";
    this.shift = objects.offset(type, "shift");
    this.parent = objects.offset(type, "parent");
    this.marks = objects.offset(type, "marks", "tags");
    Field all = objects.field(type, "slots").orElseThrow();
    this.slots = all.offset();
    this.count =
        all.type().plain() instanceof ArrayType array
            ? (int) Math.min(array.count(), MAX_SLOTS)
            : 0;
    this.bits = Integer.numberOfTrailingZeros(count);
    if (Integer.bitCount(count) != 1) {
      throw objects.missing(type + ".slots, of which there are " + count);
    }
    this.indexes = in.wordSize() == Long.BYTES ? -1 : 0xffff_ffffL;
  }

  /**
   * From the head's word on.
   *
   * @param base what is added to each index
   */
  void walk(long head, long base) {
    try {
      long entry = in.word(head, "xa_head");
      if (isNode(entry)) {
        node(node(entry), 0, Long.SIZE, base, 0);
      } else {
        entry(entry, base, base, 0);
      }
    } catch (VmcoreException e) {
      out.torn("the array can't be read", e);
    }
    flush();
  }

  private boolean isNode(long entry) {
    return isOld
        ? (entry & 3) == 1
        : (entry & 3) == 2 && Long.compareUnsigned(entry, LAST_MARK) > 0;
  }

  private long node(long entry) {
    return entry & ~3;
  }

  /** Goes over a node; gives whether more is wanted. */
  private boolean node(long node, long from, int above, long base, int depth) {
    byte[] words;
    byte[] marked;
    int own;
    try {
      if (depth == MAX_DEPTH || nodes++ == MAX_NODES) {
        throw in.fault(node, type, "nested too deeply, or too many of them");
      }
      own = in.bytes(node + shift, 1, type)[0] & 0xff;
      long up = in.word(node + parent, type);
      if (up != from) {
        throw in.fault(node, type, "has another parent than " + Hex.of(from));
      }
      if (own >= Long.SIZE || (from != 0 && own + bits != above)) {
        throw in.fault(node, type, "shift " + own + " doesn't fit its parent");
      }
      words = in.bytes(node + slots, count * in.wordSize(), type + ".slots");
      marked = in.upTo(node + marks, MARKS * markSize());
    } catch (VmcoreException e) {
      out.torn("a part of the array is left out", e);
      return true;
    }
    for (int i = 0; i < count; i++) {
      long entry = in.word(words, i * in.wordSize());
      long index = base + ((long) i << own);
      if (isSibling(entry, node)) {
        extend(1L << own);
      } else if (isNode(entry)) {
        if (!node(node(entry), node, own, index, depth + 1)) {
          return false;
        }
      } else if (!entry(entry, index, index + (1L << own) - 1, marks(marked, i))) {
        return false;
      }
    }
    return true;
  }

  private int markSize() {
    return Math.max(count / 8, in.wordSize());
  }

  private int marks(byte[] marked, int slot) {
    int found = 0;
    for (int i = 0; i < MARKS; i++) {
      int word = i * markSize() + slot / (in.wordSize() * 8) * in.wordSize();
      if (word + in.wordSize() <= marked.length
          && (in.word(marked, word) >>> slot % (in.wordSize() * 8) & 1) != 0) {
        found |= 1 << i;
      }
    }
    return found;
  }

  private boolean isSibling(long entry, long node) {
    if (isOld) {
      long behind = node(entry) - node - slots;
      return isNode(entry) && behind >= 0 && behind < (long) count * in.wordSize();
    }
    return (entry & 3) == 2 && Long.compareUnsigned(entry, LAST_SIBLING) < 0;
  }

  /** The last entry has {@code more} indexes more. */
  private void extend(long more) {
    if (isPending) {
      long end = last.last().orElse(0) + more;
      last =
          last.value().isPresent()
              ? Link.value(last.value().getAsLong(), last.index().orElse(0), end, last.marks())
              : Link.entry(last.address(), last.index().orElse(0), end, last.marks());
    }
  }

  private boolean entry(long entry, long index, long end, int marked) {
    boolean wanted = flush();
    int kind = (int) entry & 3;
    if (entry == 0 || kind == (isOld ? 1 : 2)) {
      return wanted; // nothing, or only reserved
    }
    boolean isNumber = isOld ? kind == 2 : (kind & 1) != 0;
    long number = isOld ? entry >>> 2 : entry >>> 1;
    last =
        isNumber
            ? Link.value(number, index & indexes, end & indexes, marked)
            : Link.entry(entry, index & indexes, end & indexes, marked);
    isPending = true;
    return wanted;
  }

  private boolean flush() {
    boolean wanted = !isPending || out.add(last);
    isPending = false;
    return wanted;
  }
}
