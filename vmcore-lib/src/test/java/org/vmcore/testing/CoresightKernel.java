package org.vmcore.testing;

import static org.vmcore.testing.KernelDump.BASE;
import static org.vmcore.testing.KernelDump.PADDR;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A dump of an x86_64 kernel with page tables and a list of CoreSight's panic dumps: nodes and
 * buffers in the direct map, buffers in vmalloc space, whose pages lie apart.
 *
 * <pre>{@code
 * CoresightKernel kernel = new CoresightKernel();
 * long node = kernel.node(0, 1, 0, kernel.kmalloc(bytes), bytes.length);
 * kernel.list(node).dump().writeTo(file);
 * }</pre>
 */
public final class CoresightKernel {
  /** The head of the list, the variable {@code coresight_dump_list}. */
  public static final long HEAD = BASE + 0x4000;

  /** Where the list_head lies in a node. */
  public static final int LIST = 32;

  /** Where the direct map begins. */
  public static final long DIRECT = 0xffff_8880_0000_0000L;

  /** Where vmalloc space begins. */
  public static final long VMALLOC = 0xffff_c900_0000_0000L;

  /** The page, in the direct map, behind which there is none. */
  public static final long LAST_PAGE = DIRECT + PADDR + KernelDump.SIZE - 0x1000;

  private static final long TEXT = BASE + 0x1000;
  private static final long BTF = BASE + 0x2_0000;
  private static final long TABLES = BASE + 0x8_0000;
  private static final long OBJECTS = DIRECT + PADDR + 0x10_0000;
  private static final int PAGE = 0x1000;
  private static final int TABLE = 0x67;
  private static final int LEAF = 0x163;
  private static final int LARGE = 0x80;
  private static final int NODE_SIZE = 64;
  private static final int DEVICE_SIZE = 128;

  private final KernelDump dump = new KernelDump();
  private final Map<Long, Long> tables = new HashMap<>();
  private long nextTable = TABLES + PAGE;
  private long nextObject = OBJECTS;
  private long nextVirtual = VMALLOC;

  /** A kernel with an empty list, and the types of nodes and devices. */
  public CoresightKernel() {
    this("coresight_dump_list", types());
  }

  private CoresightKernel(String symbol, byte[] types) {
    dump.infoSymbol("_stext", TEXT).infoSymbol("swapper_pg_dir", TABLES);
    dump.info("NUMBER(phys_base)=0").bytes(BTF, types);
    KallsymsBytes symbols =
        new KallsymsBytes(KallsymsBytes.Scheme.PERCPU_SIGNED)
            .add(TEXT, 'T', "_stext")
            .add(HEAD, 'd', symbol);
    if (types.length > 0) {
      symbols.add(BTF, 'D', "__start_BTF").add(BTF + types.length, 'D', "__stop_BTF");
    }
    symbols.writeTo(dump);
    map(BASE, PADDR, 21);
    map(DIRECT + PADDR, PADDR, 21);
    list();
  }

  /** One without types, whose list has this name. */
  public static CoresightKernel untyped(String symbol) {
    return new CoresightKernel(symbol, new byte[0]);
  }

  /** The memory, to bend it: by {@link #image}. */
  public KernelDump memory() {
    return dump;
  }

  /** The dump. */
  public DumpBuilder dump() {
    return dump.dump();
  }

  /** Where the byte at {@code direct} of the direct map lies in the kernel's image. */
  public static long image(long direct) {
    return direct >= BASE ? direct : direct - DIRECT - PADDR + BASE;
  }

  /** Bytes in the direct map, at an address that is no multiple of a page; their address. */
  public long kmalloc(byte[] bytes) {
    long at = room(bytes.length + 8) + 8;
    dump.bytes(image(at), bytes);
    return at;
  }

  /** Bytes in vmalloc space, {@code offset} behind a page's start; the pages lie apart. */
  public long vmalloc(byte[] bytes, int offset) {
    long start = nextVirtual;
    for (int done = -offset; done < bytes.length; done += PAGE) {
      nextObject = (nextObject + PAGE - 1 & -PAGE) + PAGE; // one in between is left out
      long page = room(PAGE);
      map(nextVirtual, page - DIRECT, 12);
      nextVirtual += PAGE;
      int from = Math.max(done, 0);
      byte[] part = Arrays.copyOfRange(bytes, from, Math.min(done + PAGE, bytes.length));
      dump.bytes(image(page) + (from - done), part);
    }
    nextVirtual += PAGE; // a guard page
    return start + offset;
  }

  /** Takes room in the direct map. */
  public long room(int size) {
    long at = nextObject;
    nextObject += size + 63 & -64;
    return at;
  }

  /** A node in the direct map; its address. */
  public long node(int cpu, int type, long csdev, long buf, long size) {
    return nodeAt(room(NODE_SIZE), cpu, type, csdev, buf, size);
  }

  /** A node at this address. */
  public long nodeAt(long node, int cpu, int type, long csdev, long buf, long size) {
    long at = image(node);
    dump.u32(at, cpu).u32(at + 4, type).u64(at + 8, csdev).u64(at + 16, buf).u32(at + 24, size);
    return node;
  }

  /** A device that points to {@code node}, of this number of enum coresight_dev_type. */
  public long device(String name, int kind, long node) {
    long device = room(DEVICE_SIZE);
    long at = image(device);
    long text = room(32);
    dump.text(image(text), name);
    dump.u32(at, kind).u64(at + 8, text).u64(at + 32, node);
    dump.u64(image(node) + 8, device);
    return device;
  }

  /** The data of {@code device}'s driver, an ETMv4 that is set up so. */
  public CoresightKernel etm4(long device, long configr, int traceId) {
    long parent = room(DEVICE_SIZE);
    long data = room(64);
    dump.u64(image(device) + 16, parent).u64(image(parent) + 16, data);
    dump.u64(image(data), device).u32(image(data) + 8, traceId).u32(image(data) + 16, configr);
    return this;
  }

  /** Links the list: from the head over these nodes and back. */
  public CoresightKernel list(long... nodes) {
    long at = HEAD;
    for (long node : nodes) {
      link(at, node + LIST);
      at = node + LIST;
    }
    link(at, HEAD);
    return this;
  }

  private void link(long from, long to) {
    next(from, to).previous(to, from);
  }

  /** Writes a list_head's {@code next}. */
  public CoresightKernel next(long link, long to) {
    dump.u64(image(link), to);
    return this;
  }

  /** Writes a list_head's {@code prev}. */
  public CoresightKernel previous(long link, long to) {
    dump.u64(image(link) + 8, to);
    return this;
  }

  /** Maps a page, or 2 MiB. */
  public CoresightKernel map(long virtual, long physical, int shift) {
    long table = TABLES;
    int at = 39;
    for (; at > shift; at -= 9) {
      long key = (virtual >>> at << 6) | at;
      Long known = tables.get(key);
      if (known == null) {
        known = nextTable;
        nextTable += PAGE;
        tables.put(key, known);
        dump.u64(table + 8 * (virtual >>> at & 511), (known - BASE + PADDR) | TABLE);
      }
      table = known;
    }
    dump.u64(table + 8 * (virtual >>> at & 511), physical | LEAF | (shift == 12 ? 0 : LARGE));
    return this;
  }

  /** A configuration of an ETMv4 as it is saved: 72 bytes. */
  public static byte[] etm4Config(int cpu, long configr, int traceId) {
    ByteBuffer saved = ByteBuffer.allocate(72).order(ByteOrder.LITTLE_ENDIAN);
    saved.putLong(0x4040_4040_4040_4040L).putLong(cpu).putLong(configr).putLong(traceId);
    saved.putLong(0x2800_0ea1).putLong(0x4100_f403).putLong(0x488).putLong(0).putLong(0xcc);
    return saved.array();
  }

  private static byte[] types() {
    BtfBuilder b = new BtfBuilder();
    int number = b.signed("int", 4);
    int u32 = b.unsigned("unsigned int", 4);
    int u8 = b.unsigned("unsigned char", 1);
    int any = b.pointer(0);
    int text = b.pointer(b.signed("char", 1));
    int list = b.struct("list_head", 16).member("next", any, 0).member("prev", any, 8).end();
    int kind =
        b.enumeration("coresight_dev_type", false)
            .value("CORESIGHT_DEV_TYPE_SINK", 1)
            .value("CORESIGHT_DEV_TYPE_LINK", 2)
            .value("CORESIGHT_DEV_TYPE_LINKSINK", 3)
            .value("CORESIGHT_DEV_TYPE_SOURCE", 4)
            .end();
    int object = b.struct("kobject", 8).member("name", text, 0).end();
    int parent = b.nextId() + 1; // the pointer behind the structure
    int device =
        b.struct("device", 24)
            .member("kobj", object, 0)
            .member("parent", parent, 8)
            .member("driver_data", any, 16)
            .end();
    b.pointer(device);
    int node =
        b.struct("coresight_dump_node", 48)
            .member("cpu", number, 0)
            .member("type", number, 4)
            .member("csdev", any, 8)
            .member("buf", text, 16)
            .member("buf_size", u32, 24)
            .member("list", list, LIST)
            .end();
    int toNode = b.pointer(node);
    b.struct("coresight_device", DEVICE_SIZE)
        .member("type", kind, 0)
        .member("dev", device, 8)
        .member("dump_node", toNode, 32)
        .end();
    int config = b.struct("etmv4_config", 8).member("cfg", u32, 0).end();
    b.struct("etmv4_drvdata", 24)
        .member("csdev", any, 0)
        .member("trcid", u8, 8)
        .member("config", config, 16)
        .end();
    return b.build();
  }
}
