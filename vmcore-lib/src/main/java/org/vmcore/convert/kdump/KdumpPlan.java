package org.vmcore.convert.kdump;

import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ElfHeader;
import org.vmcore.format.kdump.KdumpLayout;
import org.vmcore.format.kdump.KdumpSubHeader;
import org.vmcore.format.kdump.PageDescriptors;

/**
 * Where everything lies in a kdump-compressed file: file offsets in bytes.
 *
 * @param layout of the headers' numbers
 * @param alignment of the sub header's
 * @param blockSize the page size in bytes
 * @param frames behind the last page frame
 * @param notes the bytes behind the sub header, erased texts included
 * @param dumped how many page frames have a descriptor, of all files of a split set together
 */
record KdumpPlan(
    KdumpLayout layout,
    KdumpSubHeader.Alignment alignment,
    int blockSize,
    long frames,
    long notes,
    long dumped) {
  /** i386 alone aligns numbers of 64 bits to 4 bytes. */
  private static final int EM_386 = 3;

  /** How the headers of the machine that {@code header} tells are laid out. */
  static KdumpLayout layout(ElfHeader header, int bits) {
    return KdumpLayout.of(bits == Integer.SIZE ? ElfClass.ELF32 : ElfClass.ELF64, header.order());
  }

  static KdumpSubHeader.Alignment alignment(ElfHeader header) {
    return header.machine() == EM_386
        ? KdumpSubHeader.Alignment.PACKED
        : KdumpSubHeader.Alignment.PADDED;
  }

  /** The sub header. */
  long subHeader() {
    return blockSize;
  }

  /** The notes. */
  long notesOffset() {
    return subHeader() + KdumpSubHeader.SIZE;
  }

  /** Blocks of the sub header and the notes. */
  long subBlocks() {
    return (KdumpSubHeader.SIZE + notes + blockSize - 1) / blockSize;
  }

  /** Blocks of one bitmap. */
  long blocksOfBitmap() {
    long bits = (long) blockSize * Byte.SIZE;
    return Math.max(1, (frames + bits - 1) / bits);
  }

  /** The first bitmap. */
  long bitmap1() {
    return (1 + subBlocks()) * blockSize;
  }

  /** The second bitmap. */
  long bitmap2() {
    return bitmap1() + blocksOfBitmap() * blockSize;
  }

  /** The first page descriptor. */
  long descriptors() {
    return bitmap2() + blocksOfBitmap() * blockSize;
  }

  /** The first page: behind the descriptors that all pages have, in each file of a split set. */
  long data() {
    return descriptors() + dumped * PageDescriptors.SIZE;
  }
}
