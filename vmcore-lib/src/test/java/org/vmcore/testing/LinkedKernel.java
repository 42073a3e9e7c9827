package org.vmcore.testing;

import static org.vmcore.testing.KernelDump.BASE;

/**
 * A dump of a kernel with types of all that links objects together, and some objects: {@code struct
 * item}, which has a node of each kind.
 *
 * <pre>{@code
 * LinkedKernel kernel = new LinkedKernel();
 * kernel.list(kernel.item(1), kernel.item(2));
 * kernel.dump().writeTo(file);
 * }</pre>
 */
public final class LinkedKernel {
  /** The head of everything, the variable {@code head}; behind it {@code other}. */
  public static final long HEAD = BASE + 0x4000;

  /** Where items and nodes are. */
  public static final long ITEMS = BASE + 0x3_0000;

  /** Where the nodes lie in an item. */
  public static final int LIST = 16;

  public static final int HLIST = 32;
  public static final int LLIST = 48;
  public static final int RB = 56;
  public static final int ITEM_SIZE = 96;

  /** Slots of an xa_node here. */
  public static final int SLOTS = 4;

  private static final long TEXT = BASE + 0x1000;
  private static final long OFFSETS = BASE + 0x5000;
  private static final long MASK = BASE + 0x5100;
  private static final long CPU_COUNT = BASE + 0x5108;
  private static final long AREAS = BASE + 0x1_8000;
  private static final int QUEUE = 0x100;
  private static final long BTF = BASE + 0x2_0000;

  private final KernelDump dump = new KernelDump();
  private long next = ITEMS;

  /** A kernel for two CPUs with nothing linked. */
  public LinkedKernel() {
    this(types(false));
  }

  /** One with radix trees in place of xarrays. */
  public static LinkedKernel old() {
    return new LinkedKernel(types(true));
  }

  private LinkedKernel(byte[] types) {
    dump.infoSymbol("_stext", TEXT).infoSymbol("init_uts_ns", HEAD + 0x100).bytes(BTF, types);
    new KallsymsBytes(KallsymsBytes.Scheme.PERCPU_SIGNED)
        .add(TEXT, 'T', "_stext")
        .add(QUEUE, 'A', "queue")
        .add(HEAD, 'D', "head")
        .add(HEAD + 0x100, 'D', "init_uts_ns")
        .add(OFFSETS, 'D', "__per_cpu_offset")
        .add(MASK, 'D', "__cpu_possible_mask")
        .add(CPU_COUNT, 'D', "nr_cpu_ids")
        .add(BTF, 'D', "__start_BTF")
        .add(BTF + types.length, 'D', "__stop_BTF")
        .writeTo(dump);
    dump.u64(MASK, 3).u32(CPU_COUNT, 2);
    dump.u64(OFFSETS, AREAS).u64(OFFSETS + 8, AREAS + 0x1000);
    for (int cpu = 0; cpu < 2; cpu++) {
      link(queue(cpu), queue(cpu));
    }
  }

  private static byte[] types(boolean isOld) {
    BtfBuilder b = new BtfBuilder();
    int u8 = b.unsigned("unsigned char", 1);
    int u32 = b.unsigned("unsigned int", 4);
    int s32 = b.signed("int", 4);
    int word = b.unsigned("unsigned long", 8);
    int text = b.array(b.signed("char", 1), 8);
    int any = b.pointer(0);
    int list = b.struct("list_head", 16).member("next", any, 0).member("prev", any, 8).end();
    int hnode = b.struct("hlist_node", 16).member("next", any, 0).member("pprev", any, 8).end();
    int hlist = b.struct("hlist_head", 8).member("first", any, 0).end();
    int lnode = b.struct("llist_node", 8).member("next", any, 0).end();
    b.struct("llist_head", 8).member("first", any, 0).end();
    int rb =
        b.struct("rb_node", 24)
            .member("__rb_parent_color", word, 0)
            .member("rb_right", any, 8)
            .member("rb_left", any, 16)
            .end();
    b.struct("rb_root", 8).member("rb_node", any, 0).end();
    arrays(b, isOld, u8, u32, any, word);
    b.struct("maple_tree", 16).member("ma_flags", u32, 4).member("ma_root", any, 8).end();
    b.struct("maple_range_64", 8 + 8 * 3 + 8 * 4)
        .member("parent", any, 0)
        .member("pivot", b.array(word, 3), 8)
        .member("slot", b.array(any, 4), 32)
        .end();
    b.struct("maple_arange_64", 8 + 8 * 2 + 8 * 3)
        .member("parent", any, 0)
        .member("pivot", b.array(word, 2), 8)
        .member("slot", b.array(any, 3), 24)
        .end();
    b.struct("maple_node", 256).member("parent", any, 0).member("slot", b.array(any, 7), 8).end();
    int mood = b.enumeration("mood", false).value("GLAD", 0).value("GRIM", 1).end();
    int item = b.nextId();
    b.struct("item", ITEM_SIZE)
        .member("id", s32, 0)
        .member("mood", mood, 4)
        .member("name", text, 8)
        .member("list", list, LIST)
        .member("hlist", hnode, HLIST)
        .member("llist", lnode, LLIST)
        .member("rb", rb, RB)
        .member("friend", item + 1, 80)
        .member("big", word, 88)
        .end();
    b.pointer(item);
    b.struct("bin", 24).member("table", b.array(hlist, 3), 0).end();
    int queue = b.struct("queue", 24).member("len", u32, 0).member("items", list, 8).end();
    b.section(".data..percpu", b.variable("queue", queue), QUEUE, 24);
    return b.build();
  }

  private static void arrays(BtfBuilder b, boolean isOld, int u8, int u32, int any, int word) {
    int root =
        b.struct(isOld ? "radix_tree_root" : "xarray", 16)
            .member(isOld ? "gfp_mask" : "xa_flags", u32, 4)
            .member(isOld ? "rnode" : "xa_head", any, 8)
            .end();
    b.struct("idr", 24).member("idr_rt", root, 0).member("idr_base", u32, 16).end();
    b.struct(isOld ? "radix_tree_node" : "xa_node", 16 + 8 * SLOTS + 24)
        .member("shift", u8, 0)
        .member("parent", any, 8)
        .member("slots", b.array(any, SLOTS), 16)
        .member(isOld ? "tags" : "marks", b.array(b.array(word, 1), 3), 16 + 8 * SLOTS)
        .end();
  }

  /** The memory, to bend it. */
  public KernelDump memory() {
    return dump;
  }

  /** The dump. */
  public DumpBuilder dump() {
    return dump.dump();
  }

  /** The place of {@code cpu}'s {@code queue.items}. */
  public static long queue(int cpu) {
    return AREAS + 0x1000L * cpu + QUEUE + 8;
  }

  /** An item with this id and the name {@code item ID}; its address. */
  public long item(int id) {
    long item = next;
    next += 0x100;
    dump.u32(item, id).u32(item + 4, id & 1).text(item + 8, "item " + id);
    dump.u64(item + 88, -1L - id);
    return item;
  }

  private void link(long node, long to) {
    dump.u64(node, to).u64(to + 8, node);
  }

  /** A ring of list_heads: from the head over items and back. */
  public LinkedKernel list(long head, long... items) {
    long at = head;
    for (long item : items) {
      link(at, item + LIST);
      at = item + LIST;
    }
    link(at, head);
    return this;
  }

  /** A list of hlist_nodes. */
  public LinkedKernel hlist(long head, long end, long... items) {
    long place = head;
    for (long item : items) {
      dump.u64(place, item + HLIST).u64(item + HLIST + 8, place);
      place = item + HLIST;
    }
    dump.u64(place, end);
    return this;
  }

  /** A list of llist_nodes. */
  public LinkedKernel llist(long... items) {
    long place = HEAD;
    for (long item : items) {
      dump.u64(place, item + LLIST);
      place = item + LLIST;
    }
    dump.u64(place, 0);
    return this;
  }

  /** An rb_node and its children; 0 is none. */
  public LinkedKernel rb(long item, long parent, long left, long right) {
    dump.u64(item + RB, (parent == 0 ? 0 : parent + RB) | 1);
    dump.u64(item + RB + 8, right == 0 ? 0 : right + RB);
    dump.u64(item + RB + 16, left == 0 ? 0 : left + RB);
    return this;
  }

  /** An xa_node with these slots; its address. */
  public long xaNode(long parent, int shift, long... slots) {
    long node = next;
    next += 0x100;
    dump.u8(node, shift).u64(node + 8, parent);
    for (int i = 0; i < slots.length; i++) {
      dump.u64(node + 16 + 8L * i, slots[i]);
    }
    return node;
  }

  /** Sets a mark of a slot. */
  public LinkedKernel mark(long node, int mark, int slot) {
    dump.u64(node + 16 + 8 * SLOTS + 8L * mark, 1L << slot);
    return this;
  }

  /** An address for a maple node. */
  public long mapleNode() {
    long node = next + 0xff & -0x100;
    next = node + 0x100;
    return node;
  }

  /** Fills a node with pivots and slots at these offsets. */
  public LinkedKernel maple(long node, long parent, int slotsAt, long[] pivots, long... slots) {
    dump.u64(node, parent);
    for (int i = 0; i < pivots.length; i++) {
      dump.u64(node + 8 + 8L * i, pivots[i]);
    }
    for (int i = 0; i < slots.length; i++) {
      dump.u64(node + slotsAt + 8L * i, slots[i]);
    }
    return this;
  }
}
