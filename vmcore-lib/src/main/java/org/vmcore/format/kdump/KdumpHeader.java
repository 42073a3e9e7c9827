package org.vmcore.format.kdump;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vmcore.elf.bytes.ElfWriter;
import org.vmcore.io.ByteSource;
import org.vmcore.io.Cursor;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.PageSizes;

/**
 * The main header, struct disk_dump_header, at the file's start (makedumpfile's {@code
 * diskdump_mod.h}). It is written as the dumping machine has it in memory: each word size and byte
 * order has its own layout, and nothing says which it is but that the numbers make sense.
 *
 * @param layout by which it was read
 * @param version header_version
 * @param utsname see {@link KdumpUtsname}
 * @param seconds of timestamp, since 1970
 * @param microseconds of timestamp
 * @param status the compression's flag, and what went wrong
 * @param blockSize block_size, the page size in bytes
 * @param subHdrSize sub_hdr_size in blocks
 * @param bitmapBlocks bitmap_blocks, of all bitmaps together
 * @param maxMapnr max_mapnr, behind the last page frame; 32 bits of it
 * @param totalRamBlocks total_ram_blocks
 * @param deviceBlocks device_blocks
 * @param writtenBlocks written_blocks
 * @param currentCpu current_cpu
 * @param nrCpus nr_cpus
 */
public record KdumpHeader(
    KdumpLayout layout,
    int version,
    String utsname,
    long seconds,
    long microseconds,
    int status,
    long blockSize,
    long subHdrSize,
    long bitmapBlocks,
    long maxMapnr,
    long totalRamBlocks,
    long deviceBlocks,
    long writtenBlocks,
    long currentCpu,
    long nrCpus) {
  /** The signature of netdump's successor, whose layout is the same. */
  static final String DISKDUMP = "DISKDUMP";

  /** The signature. */
  static final String KDUMP = "KDUMP   ";

  /** Of status: the dump was not finished. */
  public static final int INCOMPLETE = 8;

  /** Of status: the pages of the memory map itself were left out. */
  public static final int EXCLUDED_VMEMMAP = 0x10;

  /** The newest version whose fields are known. */
  public static final int NEWEST = 6;

  /** Its size in bytes. */
  public static final int SIZE = 464;

  private static final int SIGNATURE_SIZE = 8;
  private static final int UTSNAME = 12;

  /** The file offset of utsname's machine in bytes. */
  static final int MACHINE_OFFSET = UTSNAME + 4 * 65;

  /** What a version that can be is worth: it tells the byte order. */
  private static final int VERSION_SENSE = 4;

  /** What a block size that can be is worth: few numbers are one by chance. */
  private static final int BLOCK_SENSE = 3;

  /** What all fields are worth by which it is told whether a header makes sense. */
  private static final int SENSES = VERSION_SENSE + BLOCK_SENSE + 3;

  private static final int MAX_VERSION = 0xffff;

  /**
   * Parses the header of {@code file} by each layout in which it makes sense, the common ones
   * first.
   *
   * @return at least one
   * @throws VmcoreException when it makes sense in none, or the file is too short
   */
  static List<KdumpHeader> parse(ByteSource file) throws VmcoreException {
    byte[] bytes = new byte[SIZE];
    if (file.readWhole(0, MemorySegment.ofArray(bytes)) < SIZE) {
      throw VmcoreException.at(
          file.name(), file.size(), "kdump header: the file ends in it, " + SIZE + " bytes");
    }
    List<KdumpHeader> readings = new ArrayList<>();
    byte[] names = Arrays.copyOfRange(bytes, UTSNAME, UTSNAME + KdumpUtsname.SIZE);
    String utsname = KdumpUtsname.parse(names);
    KdumpHeader best = parse(file.name(), bytes, KdumpLayout.LE64, utsname);
    for (KdumpLayout layout : KdumpLayout.values()) {
      KdumpHeader header = parse(file.name(), bytes, layout, utsname);
      if (header.sense() == SENSES) {
        readings.add(header);
      }
      best = header.sense() > best.sense() ? header : best;
    }
    if (readings.isEmpty()) {
      throw best.refusal(file.name());
    }
    return readings;
  }

  private static KdumpHeader parse(String file, byte[] bytes, KdumpLayout layout, String utsname)
      throws VmcoreException {
    Cursor in = Cursor.of(file, 0, MemorySegment.ofArray(bytes), layout.order());
    in.skip(SIGNATURE_SIZE, "signature");
    int version = in.s32("header_version");
    in.skip(layout.timeOffset() - in.position(), "utsname");
    return new KdumpHeader(
        layout,
        version,
        utsname,
        time(in, layout, "tv_sec"),
        time(in, layout, "tv_usec"),
        in.s32("status"),
        in.u32("block_size"),
        in.u32("sub_hdr_size"),
        in.u32("bitmap_blocks"),
        in.u32("max_mapnr"),
        in.u32("total_ram_blocks"),
        in.u32("device_blocks"),
        in.u32("written_blocks"),
        in.u32("current_cpu"),
        in.u32("nr_cpus"));
  }

  private static long time(Cursor in, KdumpLayout layout, String field) throws VmcoreException {
    return layout.timeSize() == Long.BYTES ? in.u64(field) : in.u32(field);
  }

  private void writeTime(ElfWriter out, long time) {
    if (layout.timeSize() == Long.BYTES) {
      out.u64(time);
    } else {
      out.u32((int) time);
    }
  }

  /** How much of it makes sense: {@link #SENSES} when all does. */
  private int sense() {
    return (version > 0 && version <= MAX_VERSION ? VERSION_SENSE : 0)
        + (PageSizes.isValid(blockSize) ? BLOCK_SENSE : 0)
        + (subHdrSize > 0 ? 1 : 0)
        + (bitmapBlocks > 0 ? 1 : 0)
        + (maxMapnr <= bitmapBits() ? 1 : 0);
  }

  private VmcoreException refusal(String file) {
    return VmcoreException.at(
        file,
        statusOffset() + Integer.BYTES,
        "kdump header: makes no sense with any word size and byte order; as "
            + layout.describe()
            + ": header_version "
            + version
            + ", block_size "
            + blockSize
            + ", sub_hdr_size "
            + subHdrSize
            + ", bitmap_blocks "
            + bitmapBlocks
            + ", max_mapnr "
            + maxMapnr);
  }

  /**
   * The header's bytes, those of the sub header's block not among them.
   *
   * @param names what {@code uname} says, in the structure's order; {@link #utsname} isn't looked
   *     at
   */
  public byte[] bytes(List<String> names) {
    byte[] bytes = new byte[SIZE];
    ElfWriter out =
        new ElfWriter(MemorySegment.ofArray(bytes), layout.elfClass(), layout.order())
            .bytes(KDUMP.getBytes(StandardCharsets.ISO_8859_1))
            .u32(version)
            .bytes(KdumpUtsname.bytes(names));
    out.skip(layout.timeOffset() - out.position());
    writeTime(out, seconds);
    writeTime(out, microseconds);
    out.u32(status).u32((int) blockSize).u32((int) subHdrSize);
    out.u32((int) bitmapBlocks).u32((int) maxMapnr).u32((int) totalRamBlocks);
    out.u32((int) deviceBlocks).u32((int) writtenBlocks).u32((int) currentCpu).u32((int) nrCpus);
    return bytes;
  }

  /** The bits of all bitmaps together. */
  public long bitmapBits() {
    return bitmapBlocks * blockSize * Byte.SIZE;
  }

  /** The file offset of the sub header, in bytes. */
  public long subHeaderOffset() {
    return blockSize;
  }

  /** The file offset of the first bitmap, in bytes. */
  public long bitmapOffset() {
    return (1 + subHdrSize) * blockSize;
  }

  /** The file offset of the first page descriptor, in bytes. */
  public long descriptorsOffset() {
    return (1 + subHdrSize + bitmapBlocks) * blockSize;
  }

  /** The file offset of status, in bytes. */
  int statusOffset() {
    return layout.statusOffset();
  }

  /** Whether the dump was not finished: the disk was full. */
  boolean isIncomplete() {
    return (status & INCOMPLETE) != 0;
  }

  /** utsname's machine, {@code x86_64}; may be empty. */
  String machine() {
    return KdumpUtsname.machine(utsname);
  }
}
