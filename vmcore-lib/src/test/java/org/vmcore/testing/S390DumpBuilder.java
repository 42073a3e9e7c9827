package org.vmcore.testing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a stand-alone dump of s390 in a few lines, as s390-tools' zdump/df_s390.h and dfi_s390.c
 * have it.
 *
 * <pre>{@code
 * byte[] dump = new S390DumpBuilder(memory).cpu(0x4000).build();
 * byte[] extended = new S390DumpBuilder(memory).segment(0, 0x2000).segment(0x5000, 0x1000).build();
 * }</pre>
 */
public final class S390DumpBuilder {
  private static final long MAGIC = 0xa819_0173_618f_23fdL;
  private static final int PAGE = 4096;
  private static final int CPU_COUNT = 0x5d;
  private static final int LOWCORES = 0x800;

  private final byte[] memory;
  private final ByteBuffer header = ByteBuffer.allocate(PAGE);
  private final List<int[]> segments = new ArrayList<>();
  private int cpus;
  private boolean hasEnd = true;

  /** A dump of version 5 of a machine of 64 bits, with all of {@code memory}, from 0 on. */
  public S390DumpBuilder(byte[] memory) {
    this.memory = memory.clone();
    header.putLong(0, MAGIC).putInt(8, 5).putInt(0xc, PAGE).putInt(0x14, PAGE);
    header.putLong(0x18, memory.length).putLong(0x28, memory.length).putInt(0x48, 2);
  }

  /** A CPU, by the address of its lowcore. */
  public S390DumpBuilder cpu(int lowcore) {
    header.putInt(LOWCORES + Integer.BYTES * cpus, lowcore);
    header.putShort(CPU_COUNT, (short) ++cpus);
    return this;
  }

  /** Makes it an extended dump, with only these parts of memory. */
  public S390DumpBuilder segment(int start, int len) {
    header.putLong(0, MAGIC + 1);
    segments.add(new int[] {start, len});
    return this;
  }

  /** A number of 32 bits in the header. */
  public S390DumpBuilder u32(int offset, int value) {
    header.putInt(offset, value);
    return this;
  }

  /** A number of 64 bits in the header. */
  public S390DumpBuilder u64(int offset, long value) {
    header.putLong(offset, value);
    return this;
  }

  /** Leaves out the end marker. */
  public S390DumpBuilder unfinished() {
    hasEnd = false;
    return this;
  }

  /** The file. */
  public byte[] build() {
    ByteBuffer out = ByteBuffer.allocate(PAGE * (2 + segments.size()) + memory.length + 16);
    out.put(header.array());
    if (segments.isEmpty()) {
      out.put(memory);
    }
    for (int i = 0; i < segments.size(); i++) {
      int[] each = segments.get(i);
      out.putLong(each[0]).putLong(each[1]);
      out.putLong(i == segments.size() - 1 && hasEnd ? 1 : 0);
      out.position(out.position() + PAGE - 3 * Long.BYTES).put(memory, each[0], each[1]);
    }
    if (hasEnd) {
      out.put("DUMP_END".getBytes(StandardCharsets.US_ASCII)).putLong(0);
    }
    byte[] file = new byte[out.position()];
    out.flip().get(file);
    return file;
  }
}
