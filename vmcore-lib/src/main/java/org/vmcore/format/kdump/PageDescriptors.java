package org.vmcore.format.kdump;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import org.vmcore.codec.Compression;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.VmcoreException;

/**
 * Page descriptors, struct page_desc (makedumpfile's {@code diskdump_mod.h}), in a row: where a
 * page's bytes are and how they are compressed. Each is asked for by its page's rank.
 */
public final class PageDescriptors {
  /** The size of a descriptor in bytes: offset i64, size u32, flags u32, page_flags u64. */
  public static final int SIZE = 24;

  /** How many are read at once where reading goes straight on. */
  static final int GROUP = 128;

  private static final int ALL_FLAGS = 64;
  private static final @Nullable Compression[] COMPRESSIONS = compressions();

  private final MemorySegment bytes;
  private final ValueLayout.OfLong u64;
  private final ValueLayout.OfInt u32;
  private final long first;
  private final int count;

  private PageDescriptors(MemorySegment bytes, KdumpLayout layout, long first, int count) {
    this.bytes = bytes;
    this.u64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(layout.order());
    this.u32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(layout.order());
    this.first = first;
    this.count = count;
  }

  private static @Nullable Compression[] compressions() {
    @Nullable Compression[] all = new Compression[ALL_FLAGS];
    for (int flags = 0; flags < ALL_FLAGS; flags++) {
      all[flags] = Compression.ofFlags(flags).orElse(null);
    }
    return all;
  }

  /** None at all. */
  static PageDescriptors none() {
    return new PageDescriptors(MemorySegment.ofArray(new byte[0]), KdumpLayout.LE64, 0, 0);
  }

  /**
   * Reads up to {@code wanted} descriptors; fewer where the file ends.
   *
   * @param offset the file offset of the first one, in bytes
   * @param first the rank of its page
   */
  static PageDescriptors read(
      ByteSource file, KdumpLayout layout, long offset, long first, int wanted)
      throws VmcoreException {
    MemorySegment bytes = MemorySegment.ofArray(new byte[wanted * SIZE]);
    long got = file.readPresent(offset, bytes);
    return new PageDescriptors(bytes, layout, first, (int) (got / SIZE));
  }

  /** Whether the descriptor of page {@code rank} is among them. */
  boolean has(long rank) {
    return rank >= first && rank - first < count;
  }

  /** The file offset of the page's bytes; 0 when they were never written. */
  long offset(long rank) {
    return bytes.get(u64, at(rank));
  }

  /** How many bytes in the file the page takes, unsigned. */
  long size(long rank) {
    return bytes.get(u32, at(rank) + 8) & 0xffff_ffffL;
  }

  /** Flags that name how the page is compressed. */
  int flags(long rank) {
    return bytes.get(u32, at(rank) + 12);
  }

  /** How the page is compressed; null when the flags name several ways. */
  @Nullable Compression compression(long rank) {
    return COMPRESSIONS[flags(rank) & ALL_FLAGS - 1];
  }

  /** Whether the page lies in the file as it is. */
  boolean isRaw(long rank) {
    return has(rank) && compression(rank) == Compression.RAW;
  }

  private long at(long rank) {
    return (rank - first) * SIZE;
  }
}
