package org.vmcore.testing;

import static org.vmcore.testing.KernelDump.BASE;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ProgramHeader;

/**
 * A dump of a kernel with remote processors: structures are small, and have the members that
 * readers ask for.
 *
 * <pre>{@code
 * RemoteprocKernel kernel = new RemoteprocKernel();
 * long dsp = kernel.rproc("dsp", RUNNING);
 * kernel.segment(dsp, 0x1000, 16);
 * kernel.dump().writeTo(file);
 * }</pre>
 */
public final class RemoteprocKernel {
  /** States of a remote processor, as {@link RemoteprocTypes} names them. */
  public static final int OFFLINE = 0;

  public static final int RUNNING = 2;
  public static final int CRASHED = 3;

  /** What becomes of its memory. */
  public static final int DISABLED = 0;

  public static final int ENABLED = 1;
  public static final int INLINE = 2;

  /** The head of the list. */
  public static final long LIST = BASE + 0x4000;

  /** A function of a driver that copies a segment. */
  public static final long DUMP = BASE + 0x1200;

  private static final long TEXT = BASE + 0x1000;
  private static final long RELEASE = TEXT + 0x100;
  private static final long READ_COPIED = TEXT + 0x300;
  private static final long READ_INLINE = TEXT + 0x400;
  private static final long KOBJECT = LIST + 0x10;
  private static final long CLASS = LIST + 0x20;
  private static final long DRIVER = LIST + 0x28;
  private static final long BTF = BASE + 0x2_0000;
  private static final long OBJECTS = BASE + 0x3_0000;

  private final KernelDump dump = new KernelDump();
  private final KallsymsBytes symbols = new KallsymsBytes(KallsymsBytes.Scheme.PERCPU_SIGNED);
  private final List<Long> rprocs = new ArrayList<>();
  private final Map<Long, List<Long>> lists = new LinkedHashMap<>();
  private final Map<Long, List<ProgramHeader>> segments = new HashMap<>();
  private final List<Long> coredumps = new ArrayList<>();
  private long next = OBJECTS;
  private int devices;

  /** A kernel without remote processors. */
  public RemoteprocKernel() {
    this(true, RemoteprocTypes.bytes());
  }

  /** One that has no symbol of the list. */
  public static RemoteprocKernel withoutSymbol() {
    return new RemoteprocKernel(false, RemoteprocTypes.bytes());
  }

  private RemoteprocKernel(boolean hasSymbol, byte[] types) {
    dump.infoSymbol("_stext", TEXT).bytes(BTF, types);
    symbols.add(TEXT, 'T', "_stext").add(RELEASE, 't', "rproc_virtio_dev_release");
    symbols.add(DUMP, 't', "own_dump").add(READ_COPIED, 't', "devcd_readv");
    symbols.add(READ_INLINE, 't', "rproc_coredump_read");
    if (hasSymbol) {
      symbols.add(LIST, 'd', "rproc_list");
    }
    symbols.add(KOBJECT, 'D', "kernel_kobj").add(BTF, 'D', "__start_BTF");
    symbols.add(BTF + types.length, 'D', "__stop_BTF");
  }

  /** The memory, to bend it. */
  public KernelDump memory() {
    return dump;
  }

  /** The address of so many bytes for something else. */
  public long room(int size) {
    long room = next;
    next += size + 15 & -16;
    return room;
  }

  private long text(String text) {
    long room = room(text.length() * 3 + 1);
    dump.text(room, text);
    return room;
  }

  private void device(long device, String name, int references, boolean inSysfs, long parent) {
    dump.u64(device, text(name)).u32(device + 16, references).u8(device + 20, inSysfs ? 3 : 1);
    dump.u64(device + 24, parent).u64(device + 32, inSysfs ? DRIVER : 0);
  }

  /** A remote processor, registered behind those before; its address. */
  public long rproc(String name, int state) {
    long rproc = room(RemoteprocTypes.RPROC_SIZE);
    device(device(rproc), "remoteproc" + devices++, 3, true, 0);
    dump.u64(device(rproc) + 40, CLASS);
    dump.u64(rproc + 16, text(name)).u64(rproc + 24, text("firmware.elf"));
    dump.u64(rproc + 32, room(8)).u32(rproc + 96, state == OFFLINE ? 0 : 1).u32(rproc + 100, state);
    dump.u8(rproc + 113, 2).u16(rproc + 114, 183).u64(rproc + 120, 0x1000_0040);
    for (int list : new int[] {128, 144, 160}) {
      lists.put(rproc + list, new ArrayList<>());
    }
    rprocs.addFirst(rproc);
    return rproc;
  }

  /** Where its device lies. */
  public static long device(long rproc) {
    return rproc + 40;
  }

  /** How often it crashed, and whether it recovers. */
  public RemoteprocKernel crashes(long rproc, int count, boolean recovers) {
    dump.u32(rproc + 108, count).u8(rproc + 112, recovers ? 0 : 1);
    return this;
  }

  public RemoteprocKernel dumpMode(long rproc, int mode) {
    dump.u32(rproc + 104, mode);
    return this;
  }

  /** Its driver maps addresses itself. */
  public RemoteprocKernel withOwnMapping(long rproc) {
    long ops = room(8);
    dump.u64(rproc + 32, ops).u64(ops, DUMP);
    return this;
  }

  /** A segment that the kernel copies. */
  public RemoteprocKernel segment(long rproc, long da, long size) {
    return segment(rproc, da, size, 0);
  }

  /** A segment that the function at {@code copy} copies. */
  public RemoteprocKernel segment(long rproc, long da, long size, long copy) {
    long segment = room(48);
    dump.u64(segment + 16, da).u64(segment + 24, size).u64(segment + 40, copy);
    lists.get(rproc + 160).add(segment);
    segments
        .computeIfAbsent(rproc, _ -> new ArrayList<>())
        .add(new ProgramHeader(ProgramHeader.PT_LOAD, 7, 0, da, da, size, size, 0));
    return this;
  }

  /** Memory of a remote processor with these bytes. */
  public RemoteprocKernel carveout(long rproc, String name, long da, byte[] bytes) {
    long va = room(bytes.length);
    long entry = room(88);
    dump.bytes(va, bytes).u64(entry, va).u64(entry + 24, bytes.length).u32(entry + 32, da);
    dump.u64(entry + 16, 0x5000_0000).text(entry + 40, name);
    lists.get(rproc + 128).add(entry + 72);
    return this;
  }

  /** The device of a vdev that the firmware offers, with two queues of which none is used. */
  public long vdev(long rproc) {
    long platform = room(64);
    device(platform + 8, "rproc-virtio." + devices + ".auto", 6, true, device(rproc));
    long vdev = room(128);
    dump.u64(vdev, platform).u32(vdev + 8, 7);
    for (int i = 0; i < 2; i++) {
      dump.u32(vdev + 40 + 24L * i, 16).u32(vdev + 44 + 24L * i, 4096).u32(vdev + 48 + 24L * i, i);
    }
    lists.get(rproc + 144).add(vdev + 16);
    return platform + 8;
  }

  /** A virtio device below {@code parent}; its address. */
  public long virtio(long parent, String name, int references, boolean isRegistered) {
    long virtio = room(96);
    device(virtio + 8, name, references, isRegistered, parent);
    dump.u64(virtio + 8 + 48, RELEASE).u32(virtio + 64, 7);
    lists.put(virtio + 72, new ArrayList<>());
    return virtio;
  }

  /** The first queue of the last vdev of {@code rproc} is one of {@code virtio}. */
  public RemoteprocKernel queue(long rproc, long virtio) {
    long queue = room(32);
    dump.u64(queue + 16, virtio);
    lists.get(virtio + 72).add(queue);
    dump.u64(lists.get(rproc + 144).getLast() - 16 + 56, queue);
    return this;
  }

  /** A coredump that was copied; the address of its bytes. */
  public long copied(long rproc, String name, byte[] bytes) {
    long data = room(bytes.length);
    dump.bytes(data, bytes);
    coredump(rproc, name, data, bytes.length, READ_COPIED);
    return data;
  }

  /** A coredump that is inline; the address of its {@code struct rproc_coredump_state}. */
  public long inline(long rproc, String name, byte[] header) {
    long state = room(16);
    long data = room(header.length);
    dump.bytes(data, header).u64(state, rproc).u64(state + 8, data);
    coredump(rproc, name, state, header.length, READ_INLINE);
    return state;
  }

  /** A coredump that is inline, with the header that the kernel makes of the segments so far. */
  public long inline(long rproc, String name) {
    return inline(rproc, name, header(rproc));
  }

  /** The ELF header and the program headers of the segments so far. */
  public byte[] header(long rproc) {
    List<ProgramHeader> told = segments.getOrDefault(rproc, List.of());
    ByteBuffer bytes = ByteBuffer.allocate(64 + told.size() * 56);
    ElfStruct header = ElfStruct.header(ElfClass.ELF64);
    header.set("EI_MAG", 0x464c457f).set("EI_CLASS", 2).set("EI_DATA", 1).set("EI_VERSION", 1);
    header.set("e_type", 4).set("e_machine", 183).set("e_version", 1).set("e_phoff", 64);
    header.set("e_ehsize", 64).set("e_phentsize", 56).set("e_phnum", told.size());
    bytes.put(header.bytes(ByteOrder.LITTLE_ENDIAN));
    for (ProgramHeader each : told) {
      ElfStruct entry = ElfStruct.programHeader(ElfClass.ELF64);
      entry.set("p_type", each.type()).set("p_flags", each.flags()).set("p_offset", each.offset());
      entry.set("p_vaddr", each.vaddr()).set("p_paddr", each.paddr());
      entry.set("p_filesz", each.filesz()).set("p_memsz", each.memsz());
      bytes.put(entry.set("p_align", each.align()).bytes(ByteOrder.LITTLE_ENDIAN));
    }
    return bytes.array();
  }

  /** A coredump that the function at {@code read} reads; its address. */
  public long coredump(long rproc, String name, long data, long size, long read) {
    long entry = room(96);
    device(entry, name, 1, true, 0);
    dump.u64(entry + 56, data).u64(entry + 64, size).u64(entry + 72, read);
    dump.u64(entry + 80, device(rproc));
    coredumps.add(entry);
    return entry;
  }

  /** Where the coredumps' structures lie. */
  public List<Long> coredumps() {
    return List.copyOf(coredumps);
  }

  /** Links the lists, which may be bent then. */
  public RemoteprocKernel linked() {
    ring(LIST, rprocs);
    lists.forEach(this::ring);
    sysfs();
    return this;
  }

  private void ring(long head, List<Long> nodes) {
    long before = head;
    for (long node : nodes) {
      dump.u64(before, node).u64(node + 8, before);
      before = node;
    }
    dump.u64(before, head).u64(head + 8, before);
  }

  private void sysfs() {
    List<Long> processors = new ArrayList<>();
    rprocs.forEach(rproc -> processors.add(link(device(rproc))));
    List<Long> pending = new ArrayList<>();
    coredumps.forEach(entry -> pending.add(link(entry)));
    long classes =
        directory(
            "class",
            List.of(directory("remoteproc", processors), directory("devcoredump", pending)));
    long own = directory("kernel", List.of());
    long root = directory("", List.of(own, classes));
    long kobject = room(24);
    dump.u64(own, root).u64(KOBJECT, kobject).u64(kobject + 8, own);
  }

  private long node(String name, int flags) {
    long node = room(64);
    dump.u64(node + 8, text(name)).u16(node + 56, flags);
    return node;
  }

  private long link(long kobject) {
    long target = node("target", 1);
    long link = node("link", 4);
    dump.u64(target + 48, kobject).u64(link + 40, target);
    return link;
  }

  /** A directory; the tree of its entries is a chain. */
  private long directory(String name, List<Long> entries) {
    long directory = node(name, 0x11);
    long place = directory + 40;
    long above = 0;
    for (long entry : entries) {
      dump.u64(place, entry + 16).u64(entry + 16, above | 1);
      above = entry + 16;
      place = above + 8;
    }
    return directory;
  }

  /** The dump. */
  public DumpBuilder dump() {
    return linked().bent();
  }

  /** The dump; the lists are as they were bent. */
  public DumpBuilder bent() {
    symbols.writeTo(dump);
    return dump.truncatedTo(next + 0x1000).dump();
  }
}
