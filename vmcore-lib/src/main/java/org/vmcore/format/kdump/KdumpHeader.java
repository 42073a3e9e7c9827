package org.vmcore.format.kdump;

import java.lang.foreign.MemorySegment;
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
 * @param utsname sysname, nodename, release, version, machine and domainname, one behind the other
 *     and each ended by a NUL
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
record KdumpHeader(
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
  static final int INCOMPLETE = 8;

  /** Of status: the pages of the memory map itself were left out. */
  static final int EXCLUDED_VMEMMAP = 0x10;

  /** The newest version whose fields are known. */
  static final int NEWEST = 6;

  private static final int SIZE = 464;
  private static final int SIGNATURE_SIZE = 8;
  private static final int UTSNAME_FIELDS = 6;
  private static final int UTSNAME_LENGTH = 65;
  private static final int MACHINE = 4;
  private static final int MAX_VERSION = 0xffff;
  private static final int BLOCK_SIZE_64 = 428;
  private static final int STATUS_64 = 424;
  private static final int STATUS_32 = 412;

  /**
   * Parses the header of {@code file} by the first layout in which it makes sense.
   *
   * @throws VmcoreException when it does in none, or the file is too short
   */
  static KdumpHeader parse(ByteSource file) throws VmcoreException {
    byte[] bytes = new byte[SIZE];
    if (file.readWhole(0, MemorySegment.ofArray(bytes)) < SIZE) {
      throw VmcoreException.at(
          file.name(), file.size(), "kdump header: the file ends in it, " + SIZE + " bytes");
    }
    for (KdumpLayout layout : KdumpLayout.values()) {
      KdumpHeader header = parse(file.name(), bytes, layout);
      if (header.isPlausible()) {
        return header;
      }
    }
    KdumpHeader common = parse(file.name(), bytes, KdumpLayout.LE64);
    throw VmcoreException.at(
        file.name(),
        BLOCK_SIZE_64,
        "kdump header: makes no sense with any word size and byte order; as "
            + common.layout.describe()
            + ": header_version "
            + common.version
            + ", block_size "
            + common.blockSize
            + ", sub_hdr_size "
            + common.subHdrSize
            + ", bitmap_blocks "
            + common.bitmapBlocks
            + ", max_mapnr "
            + common.maxMapnr);
  }

  private static KdumpHeader parse(String file, byte[] bytes, KdumpLayout layout)
      throws VmcoreException {
    Cursor in = Cursor.of(file, 0, MemorySegment.ofArray(bytes), layout.order());
    in.skip(SIGNATURE_SIZE, "signature");
    int version = in.s32("header_version");
    StringBuilder utsname = new StringBuilder();
    for (int i = 0; i < UTSNAME_FIELDS; i++) {
      utsname.append(in.text(UTSNAME_LENGTH, "utsname")).append('\0');
    }
    int word = layout.is64Bit() ? Long.BYTES : Integer.BYTES;
    in.skip(-in.position() & word - 1, "padding");
    return new KdumpHeader(
        layout,
        version,
        utsname.toString(),
        word(in, layout, "tv_sec"),
        word(in, layout, "tv_usec"),
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

  private static long word(Cursor in, KdumpLayout layout, String field) throws VmcoreException {
    return layout.is64Bit() ? in.u64(field) : in.u32(field);
  }

  private boolean isPlausible() {
    return version > 0
        && version <= MAX_VERSION
        && PageSizes.isValid(blockSize)
        && subHdrSize > 0
        && bitmapBlocks > 0
        && maxMapnr <= bitmapBits();
  }

  /** The bits of all bitmaps together. */
  long bitmapBits() {
    return bitmapBlocks * blockSize * Byte.SIZE;
  }

  /** The file offset of the sub header, in bytes. */
  long subHeaderOffset() {
    return blockSize;
  }

  /** The file offset of the first bitmap, in bytes. */
  long bitmapOffset() {
    return (1 + subHdrSize) * blockSize;
  }

  /** The file offset of the first page descriptor, in bytes. */
  long descriptorsOffset() {
    return (1 + subHdrSize + bitmapBlocks) * blockSize;
  }

  /** The file offset of status, in bytes. */
  int statusOffset() {
    return layout.is64Bit() ? STATUS_64 : STATUS_32;
  }

  /** Whether the dump was not finished: the disk was full. */
  boolean isIncomplete() {
    return (status & INCOMPLETE) != 0;
  }

  /** utsname's machine, {@code x86_64}; may be empty. */
  String machine() {
    String[] fields = utsname.split("\0", -1);
    return fields[MACHINE];
  }
}
