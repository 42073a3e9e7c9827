package org.vmcore.format.kdump;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.vmcore.elf.bytes.ElfWriter;
import org.vmcore.io.ByteSource;
import org.vmcore.io.Cursor;
import org.vmcore.memory.VmcoreException;

/**
 * The sub header, struct kdump_sub_header, in the second block (makedumpfile's {@code
 * diskdump_mod.h}). What came with a later header version than the file's is 0 here.
 *
 * @param physBase phys_base (version 1); QEMU writes a wrong one
 * @param dumpLevel dump_level (1): what was left out
 * @param splitFlag split (2): whether the file is one of a split set
 * @param startPfn start_pfn, the first page frame of the file's part (2; 64 bits since 6)
 * @param endPfn end_pfn, behind the last one (2; 64 bits since 6)
 * @param offsetVmcoreinfo offset_vmcoreinfo, a file offset in bytes (3)
 * @param sizeVmcoreinfo size_vmcoreinfo in bytes (3)
 * @param offsetNote offset_note, a file offset in bytes (4)
 * @param sizeNote size_note in bytes (4)
 * @param offsetEraseinfo offset_eraseinfo, a file offset in bytes (5)
 * @param sizeEraseinfo size_eraseinfo in bytes (5)
 * @param maxMapnr max_mapnr_64, behind the last page frame (6)
 */
public record KdumpSubHeader(
    long physBase,
    int dumpLevel,
    int splitFlag,
    long startPfn,
    long endPfn,
    long offsetVmcoreinfo,
    long sizeVmcoreinfo,
    long offsetNote,
    long sizeNote,
    long offsetEraseinfo,
    long sizeEraseinfo,
    long maxMapnr) {
  /** Its size in bytes where it is largest, in the dumps of 64-bit machines. */
  public static final int SIZE = 104;

  private static final int MOST_LEVEL = 31;
  private static final byte[] VMCOREINFO = "OSRELEASE=".getBytes(StandardCharsets.US_ASCII);

  /** How numbers of 64 bits lie in the sub headers of 32-bit machines. */
  public enum Alignment {
    /** i386 and QEMU: to 4 bytes. */
    PACKED,
    /** ARM and others: to 8 bytes. */
    PADDED
  }

  /**
   * Parses the sub header of {@code file}. Where the file ends in it, the rest is 0.
   *
   * @throws VmcoreException when the file fails
   */
  static KdumpSubHeader parse(ByteSource file, KdumpHeader header) throws VmcoreException {
    byte[] bytes = new byte[SIZE];
    file.readWhole(header.subHeaderOffset(), MemorySegment.ofArray(bytes));
    KdumpSubHeader packed = parse(file, header, bytes, Alignment.PACKED);
    if (header.layout().is64Bit()) {
      return packed;
    }
    KdumpSubHeader padded = parse(file, header, bytes, Alignment.PADDED);
    return padded.plausibility(file, header) > packed.plausibility(file, header) ? padded : packed;
  }

  private static KdumpSubHeader parse(
      ByteSource file, KdumpHeader header, byte[] bytes, Alignment alignment)
      throws VmcoreException {
    Fields in = new Fields(file, header, bytes, alignment);
    long physBase = in.word(1, "phys_base");
    int dumpLevel = (int) in.u32(1, "dump_level");
    int split = (int) in.u32(2, "split");
    long startPfn = in.word(2, "start_pfn");
    long endPfn = in.word(2, "end_pfn");
    long offsetVmcoreinfo = in.u64(3, "offset_vmcoreinfo");
    long sizeVmcoreinfo = in.word(3, "size_vmcoreinfo");
    long offsetNote = in.u64(4, "offset_note");
    long sizeNote = in.word(4, "size_note");
    long offsetEraseinfo = in.u64(5, "offset_eraseinfo");
    long sizeEraseinfo = in.word(5, "size_eraseinfo");
    long startPfn64 = in.u64(6, "start_pfn_64");
    long endPfn64 = in.u64(6, "end_pfn_64");
    boolean wide = header.version() >= 6 && endPfn64 != 0;
    return new KdumpSubHeader(
        physBase,
        dumpLevel,
        split,
        wide ? startPfn64 : startPfn,
        wide ? endPfn64 : endPfn,
        offsetVmcoreinfo,
        sizeVmcoreinfo,
        offsetNote,
        sizeNote,
        offsetEraseinfo,
        sizeEraseinfo,
        in.u64(6, "max_mapnr_64"));
  }

  /** Its bytes, as version {@link KdumpHeader#NEWEST} has them. */
  public byte[] bytes(KdumpLayout layout, Alignment alignment) {
    byte[] bytes = new byte[SIZE];
    boolean aligns = layout.is64Bit() || alignment == Alignment.PADDED;
    ElfWriter out =
        new ElfWriter(MemorySegment.ofArray(bytes), layout.elfClass(), layout.order())
            .word(physBase)
            .u32(dumpLevel)
            .u32(splitFlag)
            .word(startPfn)
            .word(endPfn);
    aligned(out, aligns).u64(offsetVmcoreinfo).word(sizeVmcoreinfo);
    aligned(out, aligns).u64(offsetNote).word(sizeNote);
    aligned(out, aligns).u64(offsetEraseinfo).word(sizeEraseinfo);
    aligned(out, aligns).u64(startPfn).u64(endPfn).u64(maxMapnr);
    return bytes;
  }

  private static ElfWriter aligned(ElfWriter out, boolean aligns) {
    return aligns ? out.skip(-out.position() & Long.BYTES - 1) : out;
  }

  /** Whether the file is one of a split set. */
  boolean split() {
    return splitFlag != 0;
  }

  /** How many of the fields make sense. */
  int plausibility(ByteSource file, KdumpHeader header) throws VmcoreException {
    int sense = 0;
    sense += dumpLevel >= 0 && dumpLevel <= MOST_LEVEL ? 1 : 0;
    sense += splitFlag == 0 || splitFlag == 1 ? 1 : 0;
    sense += Long.compareUnsigned(startPfn, endPfn) <= 0 ? 1 : 0;
    sense += isVmcoreInfo(file) ? 2 : 0;
    sense += isInside(file, header, offsetVmcoreinfo, sizeVmcoreinfo) ? 1 : 0;
    sense += isInside(file, header, offsetNote, sizeNote) ? 1 : 0;
    sense += isInside(file, header, offsetEraseinfo, sizeEraseinfo) ? 1 : 0;
    sense += (maxMapnr & 0xffff_ffffL) == header.maxMapnr() ? 1 : 0;
    return sense;
  }

  /** Whether the text begins as the kernel's does. */
  private boolean isVmcoreInfo(ByteSource file) throws VmcoreException {
    byte[] start = new byte[VMCOREINFO.length];
    return offsetVmcoreinfo > 0
        && sizeVmcoreinfo > start.length
        && file.read(offsetVmcoreinfo, MemorySegment.ofArray(start)) == start.length
        && Arrays.equals(start, VMCOREINFO);
  }

  private static boolean isInside(ByteSource file, KdumpHeader header, long offset, long size) {
    return size == 0
        ? offset == 0
        : offset >= header.blockSize() && size > 0 && size <= file.size() - offset;
  }

  /** The fields one after the other; of a later version than the file's they are 0. */
  private static final class Fields {
    private final KdumpHeader header;
    private final Cursor in;
    private final boolean wordIs64;
    private final int align;

    Fields(ByteSource file, KdumpHeader header, byte[] bytes, Alignment alignment) {
      this.header = header;
      this.in =
          Cursor.of(
              file.name(),
              header.subHeaderOffset(),
              MemorySegment.ofArray(bytes),
              header.layout().order());
      this.wordIs64 = header.layout().is64Bit();
      this.align = !wordIs64 && alignment == Alignment.PACKED ? Integer.BYTES : Long.BYTES;
    }

    long u32(int since, String field) throws VmcoreException {
      return header.version() >= since ? in.u32(field) : 0;
    }

    long u64(int since, String field) throws VmcoreException {
      if (header.version() < since) {
        return 0;
      }
      in.skip(-in.position() & align - 1, field);
      return in.u64(field);
    }

    long word(int since, String field) throws VmcoreException {
      return wordIs64 ? u64(since, field) : u32(since, field);
    }
  }
}
