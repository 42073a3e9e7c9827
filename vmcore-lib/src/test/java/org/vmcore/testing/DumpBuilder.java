package org.vmcore.testing;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.vmcore.arch.Machine;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.elf.ElfClass;

/**
 * Makes an ELF dump in a few lines.
 *
 * <pre>{@code
 * byte[] dump = DumpBuilder.elf64()
 *     .prstatus(4711, 11)
 *     .vmcoreinfo("OSRELEASE=6.1.0", "PAGESIZE=4096")
 *     .load(0x1000, 0x3000).vaddr(0xffff_8880_0000_1000L)
 *     .load(0x9800, new byte[] {1, 2, 3}).memsz(0x100)
 *     .build();
 * }</pre>
 *
 * <p>Segments stand in the file in the order in which they are added, each load congruent to its
 * p_paddr modulo the page, as in a saved {@code /proc/vmcore}. {@link #vaddr}, {@link #memsz} and
 * what follows them set the segment that was added last. Notes that are added in a row share a
 * PT_NOTE; {@link #noteArea} begins another one.
 */
public final class DumpBuilder {
  private static final int PN_XNUM = 0xffff;

  private final ElfClass elfClass;
  private final List<Segment> segments = new ArrayList<>();
  private final Map<String, Long> headerFields = new LinkedHashMap<>();
  private final Map<Long, byte[]> patches = new LinkedHashMap<>();
  private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
  private int machine = Machine.X86_64;
  private int page = 4096;
  private boolean packed;
  private boolean ramImage;
  private boolean tableLast;
  private boolean extendedCount;
  private OptionalLong tableAt = OptionalLong.empty();
  private OptionalLong truncateAt = OptionalLong.empty();
  private byte padding;

  private DumpBuilder(ElfClass elfClass) {
    this.elfClass = elfClass;
  }

  /** An x86_64 dump: 64 bits, little-endian. */
  public static DumpBuilder elf64() {
    return new DumpBuilder(ElfClass.ELF64);
  }

  /** An i386 dump: 32 bits, little-endian. */
  public static DumpBuilder elf32() {
    return new DumpBuilder(ElfClass.ELF32).machine(Machine.I386);
  }

  /** A dump of this class and byte order, of a machine whose registers aren't known. */
  public static DumpBuilder of(ElfClass elfClass, ByteOrder order) {
    DumpBuilder dump = new DumpBuilder(elfClass).machine(elfClass == ElfClass.ELF64 ? 21 : 20);
    dump.order = order;
    return dump;
  }

  /** Recognisable memory: no byte of it is 0, and it differs from address to address. */
  public static byte[] pattern(long address, int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = patternAt(address + i);
    }
    return bytes;
  }

  /** The byte of {@link #pattern} at {@code address}. */
  public static byte patternAt(long address) {
    return (byte) (1 + (((address + 1) * 0x9e37_79b9_7f4a_7c15L) >>> 40) % 255);
  }

  // --- the file

  /** Numbers are big-endian. */
  public DumpBuilder bigEndian() {
    order = ByteOrder.BIG_ENDIAN;
    return this;
  }

  /** e_machine, see {@link Machine}. */
  public DumpBuilder machine(int number) {
    machine = number;
    return this;
  }

  /** The page size by which segments are aligned in the file; it is written nowhere. */
  public DumpBuilder pageSize(int size) {
    page = size;
    return this;
  }

  /** Segments follow each other without gaps: p_offset isn't congruent to p_paddr. */
  public DumpBuilder packed() {
    packed = true;
    return this;
  }

  /** What stands around a load in its first and last page, which the file then holds whole. */
  public DumpBuilder padding(int value) {
    padding = (byte) value;
    return this;
  }

  /**
   * Not a file but the machine's RAM: loads lie at their physical addresses, notes where {@link
   * #at} puts them, and the headers, see {@link #crashHeaders}, nowhere.
   */
  public DumpBuilder ramImage() {
    ramImage = true;
    return this;
  }

  /** e_phoff; the segments begin behind the table. */
  public DumpBuilder programHeadersAt(long phoff) {
    tableAt = OptionalLong.of(phoff);
    return this;
  }

  /** The program headers stand behind the segments. */
  public DumpBuilder programHeadersLast() {
    tableLast = true;
    return this;
  }

  /**
   * e_phnum is PN_XNUM, and section 0, behind the table, has the count; always so from 65,535 on.
   */
  public DumpBuilder extendedCount() {
    extendedCount = true;
    return this;
  }

  // --- segments

  /** A PT_LOAD of these bytes at physical address {@code paddr}. */
  public DumpBuilder load(long paddr, byte[] bytes) {
    return add(Segment.load(paddr, bytes));
  }

  /** A PT_LOAD of {@code size} bytes of {@link #pattern}. */
  public DumpBuilder load(long paddr, int size) {
    return load(paddr, pattern(paddr, size));
  }

  /** A PT_LOAD whose {@code size} bytes are a hole in the file: zeros. */
  public DumpBuilder sparse(long paddr, long size) {
    return add(Segment.sparse(paddr, size));
  }

  /** A PT_LOAD with p_filesz 0. */
  public DumpBuilder excluded(long paddr, long memsz) {
    return load(paddr, new byte[0]).memsz(memsz);
  }

  /** A segment of another type. */
  public DumpBuilder segment(int type, byte[] bytes) {
    return add(Segment.other(type, bytes));
  }

  /** p_vaddr of the segment added last. */
  public DumpBuilder vaddr(long vaddr) {
    return field("p_vaddr", vaddr);
  }

  /** p_memsz of the segment added last. */
  public DumpBuilder memsz(long memsz) {
    return field("p_memsz", memsz);
  }

  /** p_filesz of the segment added last; its bytes stay in the file. */
  public DumpBuilder filesz(long filesz) {
    return field("p_filesz", filesz);
  }

  /** Puts the segment added last at file offset {@code offset}. */
  public DumpBuilder at(long offset) {
    segments.getLast().at = OptionalLong.of(offset);
    return this;
  }

  /** Any field of the program header added last; its bytes stay where they are. */
  public DumpBuilder field(String name, long value) {
    segments.getLast().fields.put(name, value);
    return this;
  }

  // --- notes

  /** Begins a PT_NOTE of at least {@code size} bytes, zeros behind the notes. */
  public DumpBuilder noteArea(int size) {
    return add(Segment.noteArea(size));
  }

  /** A note of any kind. */
  public DumpBuilder note(String name, int type, byte[] desc) {
    byte[] nul = (name + '\0').getBytes(StandardCharsets.ISO_8859_1);
    return note(nul, type, desc);
  }

  /** A note whose name is written as it is. */
  public DumpBuilder note(byte[] name, int type, byte[] desc) {
    if (segments.isEmpty() || !segments.getLast().isNote()) {
      noteArea(0);
    }
    ElfStruct header = ElfStruct.note();
    header.set("n_namesz", name.length).set("n_descsz", desc.length).set("n_type", type);
    segments.getLast().notes.add(new Segment.Note(header, name, desc));
    return this;
  }

  /** An NT_PRSTATUS note; registers that aren't given are 0. */
  public DumpBuilder prstatus(int pid, int signal, long... registers) {
    return note(
        "CORE", 1, NoteDescriptors.prstatus(elfClass, order, machine, pid, signal, registers));
  }

  /** A VMCOREINFO note of these lines. */
  public DumpBuilder vmcoreinfo(String... lines) {
    String text = String.join("\n", lines) + "\n";
    return note("VMCOREINFO", 0, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A device dump's note, NT_VMCOREDD. */
  public DumpBuilder vmcoredd(String name, byte[] data) {
    return note(
        new byte[] {'L', 'I', 'N', 'U', 'X', 0, 0, 0}, 0x700, NoteDescriptors.vmcoredd(name, data));
  }

  /** A QEMU note; registers (rax, rbx, …, rip, rflags) that aren't given are 0. */
  public DumpBuilder qemuCpuState(long... registers) {
    return note("QEMU", 0, NoteDescriptors.qemuCpuState(order, registers));
  }

  // --- faults

  /** Any field of the ELF header ({@code e_type}, {@code EI_CLASS}) or of section 0. */
  public DumpBuilder set(String field, long value) {
    headerFields.put(field, value);
    return this;
  }

  /** Any field ({@code n_descsz}) of the note added last; its bytes stay where they are. */
  public DumpBuilder noteField(String field, long value) {
    segments.getLast().notes.getLast().header().set(field, value);
    return this;
  }

  /** The file ends at {@code size}. */
  public DumpBuilder truncateAt(long size) {
    truncateAt = OptionalLong.of(size);
    return this;
  }

  /** Overwrites bytes of the file. */
  public DumpBuilder patch(long offset, byte... bytes) {
    patches.put(offset, bytes.clone());
    return this;
  }

  // --- what comes out

  /** The file as an array; it must be small enough for one. */
  public byte[] build() {
    return layout().bytes();
  }

  /** Writes the file, of whatever size, with holes where nothing is; gives {@code path} back. */
  public Path writeTo(Path path) throws IOException {
    layout().writeTo(path);
    return path;
  }

  /** The headers as the file has them, to go with an old memory. */
  public CrashHeaders crashHeaders() {
    return layout().crashHeaders(machine);
  }

  /** Where each field of each header and note stands in the file. */
  public List<Field> fields() {
    return layout().fields();
  }

  /**
   * A field in the file.
   *
   * @param name {@code e_phnum}, {@code phdr[1].p_memsz}, {@code note[0].n_descsz}
   * @param offset in the file in bytes
   * @param size in bytes
   */
  public record Field(String name, long offset, int size) {}

  private DumpBuilder add(Segment segment) {
    segments.add(segment);
    return this;
  }

  private FileLayout layout() {
    boolean extended = extendedCount || segments.size() >= PN_XNUM;
    int sections = extended ? ElfStruct.section(elfClass).size() : 0;
    long tableSize = (long) segments.size() * elfClass.programHeaderSize();
    long table = tableAt.orElse(elfClass.headerSize());
    long first = tableLast ? elfClass.headerSize() : table + tableSize + sections;
    FileLayout layout = new FileLayout(elfClass, order, page, packed, ramImage, padding);
    long end = layout.segments(segments, first);
    if (!ramImage) {
      table = tableLast ? end + page - 1 & -page : table;
      layout.headers(header(table, extended ? table + tableSize : 0), table, headerFields);
    }
    patches.forEach(layout::patch);
    truncateAt.ifPresent(layout::truncate);
    return layout;
  }

  private ElfStruct header(long table, long sections) {
    ElfStruct header = ElfStruct.header(elfClass);
    long magic = order == ByteOrder.BIG_ENDIAN ? 0x7f454c46 : 0x464c457f;
    header.set("EI_MAG", magic).set("EI_CLASS", elfClass.code());
    header.set("EI_DATA", order == ByteOrder.BIG_ENDIAN ? 2 : 1).set("EI_VERSION", 1);
    header.set("e_type", 4).set("e_machine", machine).set("e_version", 1);
    header.set("e_phoff", table).set("e_ehsize", elfClass.headerSize());
    header.set("e_phentsize", elfClass.programHeaderSize());
    header.set("e_phnum", sections == 0 ? segments.size() : PN_XNUM);
    if (sections != 0) {
      header.set("e_shoff", sections).set("e_shnum", 1);
      header.set("e_shentsize", elfClass.sectionHeaderSize());
    }
    return header;
  }
}
