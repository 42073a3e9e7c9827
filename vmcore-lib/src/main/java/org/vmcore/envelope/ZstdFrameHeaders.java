package org.vmcore.envelope;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Optional;
import org.vmcore.envelope.packed.FrameMagic;
import org.vmcore.io.ByteSource;
import org.vmcore.io.Cursor;
import org.vmcore.memory.VmcoreException;

/**
 * The headers of a zstd file's frames and of their blocks (RFC 8878).
 *
 * <p>A walk over them ends where no writer would have gone on: a hole in a file looks like blocks
 * of nothing, one every three bytes.
 */
final class ZstdFrameHeaders {
  private static final int MAGIC_SIZE = 4;
  private static final int MOST_HEADER = 18;
  private static final int BLOCK_HEADER = 3;
  private static final int SINGLE_SEGMENT = 0x20;
  private static final int CHECKSUM = 4;
  private static final int RLE = 1;
  private static final int RESERVED = 3;
  private static final int FIRST_OF_MAGIC = 0x28;

  /** The most blocks of a frame that hold nothing and aren't its last one. */
  private static final int MOST_EMPTY = 64;

  /** How much is looked at in search of frames, and how much is taken for one in vain. */
  private static final long MOST_SEARCHED = 4 * ZstdFrames.MOST_PACKED;

  private static final int MOST_CANDIDATES = 1000;

  private final ByteSource file;
  private final byte[] bytes = new byte[MOST_HEADER];
  private long searched;
  private int candidates;

  ZstdFrameHeaders(ByteSource file) {
    this.file = file;
  }

  /**
   * What the header of a frame tells.
   *
   * @param size the header's own, in bytes
   * @param contentSize Frame_Content_Size, in bytes
   * @param checksumSize the bytes behind the last block
   */
  record Header(int size, long contentSize, int checksumSize) {}

  private Cursor cursor(long at, int size) throws VmcoreException {
    MemorySegment dst = MemorySegment.ofArray(bytes).asSlice(0, size);
    return Cursor.of(file.name(), at, dst.asSlice(0, file.read(at, dst)), ByteOrder.LITTLE_ENDIAN);
  }

  /** Where the skippable frame at {@code at} ends; -1 when there is none. */
  long skippable(long at) throws VmcoreException {
    Cursor in = cursor(at, 2 * MAGIC_SIZE);
    return in.remaining() == 2 * MAGIC_SIZE && FrameMagic.isSkippable(in.s32("Magic_Number"))
        ? at + 2 * MAGIC_SIZE + in.u32("Frame_Size")
        : -1;
  }

  /** The frame at {@code at}; empty when there is none, or it doesn't tell its content's size. */
  Optional<Header> at(long at) throws VmcoreException {
    Cursor in = cursor(at, MOST_HEADER);
    if (in.remaining() <= MAGIC_SIZE || in.s32("Magic_Number") != FrameMagic.ZSTD) {
      return Optional.empty();
    }
    int descriptor = in.u8("Frame_Header_Descriptor");
    boolean single = (descriptor & SINGLE_SEGMENT) != 0;
    int dictionary = descriptor & 3;
    int flag = descriptor >> 6;
    int rest = (single ? 0 : 1) + (flag == 0 ? 1 : 1 << flag);
    if (dictionary != 0 || (flag == 0 && !single) || in.remaining() < rest) {
      return Optional.empty();
    }
    in.skip(single ? 0 : 1, "Window_Descriptor");
    long size =
        switch (flag) {
          case 0 -> in.u8("Frame_Content_Size");
          case 1 -> in.u16("Frame_Content_Size") + 256;
          case 2 -> in.u32("Frame_Content_Size");
          default -> in.u64("Frame_Content_Size");
        };
    int checksumSize = (descriptor & CHECKSUM) != 0 ? 4 : 0;
    return size < 0
        ? Optional.empty()
        : Optional.of(new Header((int) in.position(), size, checksumSize));
  }

  /** Where the frame at {@code start} ends; -1 when its blocks and checksum aren't all there. */
  long end(long start, Header header) throws VmcoreException {
    long at = start + header.size();
    int empty = 0;
    for (boolean last = false; !last; ) {
      Cursor in = cursor(at, BLOCK_HEADER);
      if (in.remaining() < BLOCK_HEADER) {
        return -1;
      }
      int block = in.u16("Block_Header") | in.u8("Block_Header") << 16;
      int type = block >> 1 & 3;
      int size = block >> 3;
      last = (block & 1) != 0;
      empty += size == 0 ? 1 : 0;
      at += BLOCK_HEADER + (type == RLE ? 1 : size);
      if (type == RESERVED || empty > MOST_EMPTY || at - start > ZstdFrames.MOST_PACKED) {
        return -1;
      }
    }
    at += header.checksumSize();
    return at <= file.size() ? at : -1;
  }

  /** The first frame that begins at or behind {@code from} and is whole; -1 when none is found. */
  long next(long from) throws VmcoreException {
    long end = Math.min(file.size(), from + ZstdFrames.MOST_PACKED);
    byte[] piece = new byte[1 << 16];
    for (long at = from; at < end && searched < MOST_SEARCHED; ) {
      int got = (int) file.read(at, MemorySegment.ofArray(piece));
      if (got < MAGIC_SIZE) {
        return -1;
      }
      for (int i = 0; i <= got - MAGIC_SIZE; i++) {
        if (piece[i] == FIRST_OF_MAGIC && isFrame(at + i)) {
          return at + i;
        }
      }
      at += got - MAGIC_SIZE + 1;
      searched += got;
    }
    return -1;
  }

  private boolean isFrame(long at) throws VmcoreException {
    Optional<Header> header = at(at);
    if (header.isEmpty() || header.get().contentSize() > ZstdFrames.MOST) {
      return false;
    }
    return candidates++ < MOST_CANDIDATES && end(at, header.get()) >= 0;
  }

  /** Whether what begins at {@code at} looks as if it filled up a last block, or a device. */
  boolean isPadding(long at) throws VmcoreException {
    byte[] start = new byte[1 << 12];
    int got = (int) file.read(at, MemorySegment.ofArray(start));
    for (int i = 0; i < got; i++) {
      if (start[i] != 0) {
        return false;
      }
    }
    return got > 0;
  }
}
