package org.vmcore.convert.kdump;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.vmcore.codec.Compressor;
import org.vmcore.convert.pages.ZeroBytes;
import org.vmcore.format.kdump.PageDescriptors;

/** Some pages in a row: as they were read, as they are written, and their descriptors. */
final class PagePiece {
  private static final int RAW = 0;
  private static final int ZERO_PAGE = -1;
  private static final int LOST_PAGE = -2;

  private final int flag;
  private final int pageSize;
  private final ValueLayout.OfLong u64;
  private final ValueLayout.OfInt u32;

  /** The pages as they are. */
  final byte[] pages;

  /** As they are written, one behind the other. */
  final byte[] packed;

  private final byte[] descriptors;
  private final MemorySegment descriptorFields;

  /** Of each page where in {@link #packed} it begins, or what it is in place of that. */
  private final int[] places;

  private int count;
  private int packedSize;
  private long endPfn;
  private int zeros;
  private int lost;

  /**
   * Room for some pages.
   *
   * @param most how many
   * @param flag of the compression, in a descriptor
   */
  PagePiece(int most, int pageSize, int flag, ByteOrder order) {
    this.flag = flag;
    this.pageSize = pageSize;
    this.u64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
    this.u32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
    this.pages = new byte[most * pageSize];
    this.packed = new byte[most * pageSize];
    this.descriptors = new byte[most * PageDescriptors.SIZE];
    this.descriptorFields = MemorySegment.ofArray(descriptors);
    this.places = new int[most];
  }

  /** Begins anew, with {@code pages} pages to come. */
  void begin(int pages) {
    count = pages;
    packedSize = 0;
    zeros = 0;
    lost = 0;
    Arrays.fill(places, 0, pages, 0);
  }

  /** Page {@code index} can't be had. */
  void lose(int index) {
    places[index] = LOST_PAGE;
    lost++;
  }

  /**
   * Packs those that could be had.
   *
   * @param end behind the last page frame
   */
  void pack(long end, Compressor compressor) {
    endPfn = end;
    for (int i = 0; i < count; i++) {
      if (places[i] == LOST_PAGE) {
        describe(i, 0, RAW);
      } else if (ZeroBytes.isZero(pages, i * pageSize, pageSize)) {
        places[i] = ZERO_PAGE;
        zeros++;
        describe(i, pageSize, RAW);
      } else {
        places[i] = packedSize;
        pack(i, compressor);
      }
    }
  }

  private void pack(int index, Compressor compressor) {
    int size = compressor.compress(pages, index * pageSize, pageSize, packed, packedSize, pageSize);
    if (size == 0) {
      System.arraycopy(pages, index * pageSize, packed, packedSize, pageSize);
      describe(index, pageSize, RAW);
      packedSize += pageSize;
    } else {
      describe(index, size, flag);
      packedSize += size;
    }
  }

  private void describe(int index, int size, int flags) {
    long at = (long) index * PageDescriptors.SIZE;
    descriptorFields.set(u32, at + 8, size);
    descriptorFields.set(u32, at + 12, flags);
  }

  /**
   * The descriptors, now that it is known where in the file the pages go.
   *
   * @param data the file offset of the first byte of {@link #packed}
   * @param zero that of the page of zeros
   */
  byte[] descriptors(long data, long zero) {
    for (int i = 0; i < count; i++) {
      long offset =
          switch (places[i]) {
            case LOST_PAGE -> 0;
            case ZERO_PAGE -> zero;
            default -> data + places[i];
          };
      descriptorFields.set(u64, (long) i * PageDescriptors.SIZE, offset);
    }
    return descriptors;
  }

  /** The bytes of its descriptors. */
  int descriptorsSize() {
    return count * PageDescriptors.SIZE;
  }

  /** The bytes of {@link #packed} in use. */
  int packedSize() {
    return packedSize;
  }

  /** Behind its last page frame. */
  long endPfn() {
    return endPfn;
  }

  /** How many of its pages are zeros. */
  int zeros() {
    return zeros;
  }

  /** How many of its pages are lost. */
  int lost() {
    return lost;
  }
}
