package org.vmcore.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vmcore.elf.ElfClass;

/**
 * A dump of a kernel whose memory is filled by hand: 2 MiB of an x86_64 kernel's image, or of that
 * of another machine. The program header tells their virtual address; there are no page tables.
 */
public final class KernelDump {
  /** The virtual address of the first byte; 32-bit kernels have the lower half of it. */
  public static final long BASE = 0xffff_ffff_8100_0000L;

  /** Its physical address. */
  public static final long PADDR = 0x100_0000L;

  /** How many bytes there are. */
  public static final int SIZE = 2 << 20;

  private final ElfClass elfClass;
  private final boolean isX86;
  private ElfClass headers;
  private final ByteBuffer memory;
  private final List<String> info = new ArrayList<>();
  private int size = SIZE;
  private int present = SIZE;
  private int lost = SIZE;
  private int hole;
  private int behindHole;

  /** A kernel that tells of its release and page size. */
  public KernelDump() {
    this(ElfClass.ELF64, ByteOrder.LITTLE_ENDIAN, true);
  }

  /** A kernel of a machine of this class and byte order. */
  public KernelDump(ElfClass elfClass, ByteOrder order) {
    this(elfClass, order, false);
  }

  private KernelDump(ElfClass elfClass, ByteOrder order, boolean isX86) {
    this.elfClass = elfClass;
    this.isX86 = isX86;
    this.headers = elfClass;
    memory = ByteBuffer.allocate(SIZE).order(order);
    info("OSRELEASE=6.1.0-test").info("PAGESIZE=4096");
  }

  /** The class of the ELF headers; that of the kernel's words unless it is set. */
  public KernelDump headers(ElfClass container) {
    headers = container;
    return this;
  }

  /** The size of a pointer in bytes. */
  public int wordSize() {
    return elfClass.bits() / Byte.SIZE;
  }

  private static int at(long address) {
    return Math.toIntExact(address - BASE);
  }

  /** Lines of VMCOREINFO. */
  public KernelDump info(String... lines) {
    info.addAll(List.of(lines));
    return this;
  }

  /** The first line of VMCOREINFO. */
  public KernelDump infoFirst(String line) {
    info.addFirst(line);
    return this;
  }

  /** {@code SYMBOL(name)} in VMCOREINFO. */
  public KernelDump infoSymbol(String name, long address) {
    return info("SYMBOL(" + name + ")=" + Long.toHexString(address & mask()));
  }

  private long mask() {
    return -1L >>> (Long.SIZE - elfClass.bits());
  }

  /** VMCOREINFO without the lines that begin so. */
  public KernelDump withoutInfo(String start) {
    info.removeIf(line -> line.startsWith(start));
    return this;
  }

  /** A byte. */
  public KernelDump u8(long address, int value) {
    memory.put(at(address), (byte) value);
    return this;
  }

  /** A 16-bit number. */
  public KernelDump u16(long address, int value) {
    memory.putShort(at(address), (short) value);
    return this;
  }

  /** A 32-bit number. */
  public KernelDump u32(long address, long value) {
    memory.putInt(at(address), (int) value);
    return this;
  }

  /** A 64-bit number. */
  public KernelDump u64(long address, long value) {
    memory.putLong(at(address), value);
    return this;
  }

  /** A pointer or an {@code unsigned long}. */
  public KernelDump word(long address, long value) {
    return wordSize() == Long.BYTES ? u64(address, value) : u32(address, value);
  }

  /** Bytes. */
  public KernelDump bytes(long address, byte[] bytes) {
    memory.put(at(address), bytes);
    return this;
  }

  /** Text and its NUL. */
  public KernelDump text(long address, String text) {
    bytes(address, text.getBytes(StandardCharsets.UTF_8));
    return u8(address + text.getBytes(StandardCharsets.UTF_8).length, 0);
  }

  /** What follows {@code address} was left out of the dump. */
  public KernelDump excludedFrom(long address) {
    present = at(address);
    return this;
  }

  /** The file ends in front of the byte at {@code address}. */
  public KernelDump lostFrom(long address) {
    lost = at(address);
    return this;
  }

  /** The memory ends at {@code address}. */
  public KernelDump truncatedTo(long address) {
    size = at(address);
    return this;
  }

  /** Two program headers, the second of what is from {@code end} on; none has what is between. */
  public KernelDump without(long start, long end) {
    hole = at(start);
    behindHole = at(end);
    return this;
  }

  /** The dump, with VMCOREINFO as a note. */
  public DumpBuilder dump() {
    return load(builder().vmcoreinfo(info.toArray(String[]::new)));
  }

  /** The dump without that note; it is in memory, at the start of a page. */
  public DumpBuilder dumpWithoutNote(long address) {
    byte[] text = String.join("\n", info).concat("\n").getBytes(StandardCharsets.UTF_8);
    u32(address, 11).u32(address + 4, text.length).u32(address + 8, 0);
    text(address + 12, "VMCOREINFO").bytes(address + 24, text);
    return dumpWithoutInfo();
  }

  /** The dump without VMCOREINFO. */
  public DumpBuilder dumpWithoutInfo() {
    return load(builder());
  }

  private DumpBuilder builder() {
    return isX86 ? DumpBuilder.elf64() : DumpBuilder.of(headers, memory.order());
  }

  private DumpBuilder load(DumpBuilder dump) {
    byte[] bytes = Arrays.copyOf(memory.array(), size);
    if (behindHole > 0) {
      dump.load(PADDR, Arrays.copyOf(bytes, hole)).vaddr(BASE);
      byte[] rest = Arrays.copyOfRange(bytes, behindHole, size);
      return dump.load(PADDR + behindHole, rest).vaddr(BASE + behindHole);
    }
    dump.load(PADDR, bytes).vaddr(BASE & mask()).filesz(Math.min(present, size));
    return lost < size ? dump.truncateAt(dump.build().length - size + lost) : dump;
  }
}
