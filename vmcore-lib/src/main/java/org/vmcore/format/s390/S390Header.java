package org.vmcore.format.s390;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.vmcore.io.ByteSource;
import org.vmcore.io.Cursor;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * {@code struct df_s390_hdr} of s390-tools' zdump/df_s390.h, as far as it matters here; big-endian.
 *
 * @param isExtended whether memory is in segments
 * @param memSize mem_size, where memory ends: an address
 * @param tod when the dump was begun, as the CPU's clock tells; 0 where that isn't known
 * @param is64 whether the machine is s390x, not s390
 * @param volume volnr
 * @param isOfSeveral whether other volumes hold the rest
 * @param lowcores the absolute addresses of the CPUs' lowcores
 */
record S390Header(
    boolean isExtended,
    int version,
    long memSize,
    long tod,
    boolean is64,
    int volume,
    boolean isOfSeveral,
    List<Long> lowcores) {
  /** The magic number; that of an extended dump is one more. */
  static final long MAGIC = 0xa819_0173_618f_23fdL;

  /** Of the header, of a segment's header, and of a page, in bytes. */
  static final int SIZE = 0x1000;

  private static final long EXTENDED = MAGIC + 1;

  /** No machine has more memory, in bytes. */
  private static final long MOST_MEMORY = 1L << 53;

  private static final int MOST_CPUS = 512;
  private static final int FIRST_WITH_CPUS = 5;
  private static final int ARCH_32 = 1;
  private static final int ARCH_64 = 2;
  private static final int SIGN = 0x200;
  private static final int LOWCORES = 0x800;

  /** The clock at 1970-01-01T00:00Z; its bit 51 is a microsecond. */
  private static final long EPOCH = 0x7d91_048b_ca00_0000L;

  private static final long MICROS = 1_000_000;

  /**
   * Reads it.
   *
   * @throws VmcoreException when the file ends in it, or a number in it can't be
   */
  static S390Header read(ByteSource file) throws VmcoreException {
    MemorySegment bytes = MemorySegment.ofArray(new byte[SIZE]);
    if (file.readWhole(0, bytes) < SIZE) {
      throw VmcoreException.at(file.name(), 0, "s390 dump: the file ends in its header");
    }
    return parse(bytes, file.name());
  }

  private static Cursor at(MemorySegment bytes, int offset, String file) {
    return Cursor.of(file, offset, bytes.asSlice(offset), ByteOrder.BIG_ENDIAN);
  }

  private static S390Header parse(MemorySegment bytes, String file) throws VmcoreException {
    Cursor in = at(bytes, 0, file);
    boolean isExtended = in.u64("magic") == EXTENDED;
    int version = in.s32("version");
    int size = in.s32("hdr_size");
    in.s32("dump_level");
    in.s32("page_size");
    long memSize = in.u64("mem_size");
    in.skip(3 * Long.BYTES, "mem_start");
    long tod = in.u64("tod");
    in.u64("cpu_id");
    int arch = in.s32("arch");
    int volume = in.s32("volnr");
    in.skip(Integer.BYTES + Long.BYTES, "build_arch");
    int several = in.u8("mvdump");
    int cpus = in.u16("cpu_cnt");
    require(size == SIZE, file, 0xc, "hdr_size is " + Integer.toUnsignedString(size));
    require(
        memSize > 0 && memSize <= MOST_MEMORY && memSize % SIZE == 0,
        file,
        0x18,
        "mem_size is " + Hex.of(memSize));
    require(arch == ARCH_32 || arch == ARCH_64, file, 0x48, "arch is " + arch);
    require(cpus <= MOST_CPUS, file, 0x5d, "cpu_cnt is " + cpus);
    long sign = at(bytes, SIGN, file).u64("mvdump_sign");
    boolean isOfSeveral = several != 0 || sign == MAGIC || sign == EXTENDED;
    boolean hasCpus = isExtended || version >= FIRST_WITH_CPUS;
    return new S390Header(
        isExtended,
        version,
        memSize,
        tod,
        arch == ARCH_64,
        volume,
        isOfSeveral,
        lowcores(at(bytes, LOWCORES, file), hasCpus ? cpus : 0));
  }

  private static void require(boolean holds, String file, long at, String what)
      throws VmcoreException {
    if (!holds) {
      throw VmcoreException.at(file, at, "s390 dump: " + what);
    }
  }

  private static List<Long> lowcores(Cursor in, int cpus) throws VmcoreException {
    List<Long> lowcores = new ArrayList<>();
    for (int i = 0; i < cpus; i++) {
      lowcores.add(in.u32("lc_vec"));
    }
    return List.copyOf(lowcores);
  }

  /** In words, for a finding. */
  String describe() {
    return (isExtended ? "extended, " : "")
        + "version "
        + Integer.toUnsignedString(version)
        + ", "
        + (is64 ? "s390x" : "s390")
        + ", memory up to "
        + Hex.of(memSize)
        + (tod == 0 ? "" : ", begun " + time());
  }

  private Instant time() {
    long micros = (tod - EPOCH) >>> 12;
    return Instant.ofEpochSecond(micros / MICROS, micros % MICROS * 1000);
  }
}
