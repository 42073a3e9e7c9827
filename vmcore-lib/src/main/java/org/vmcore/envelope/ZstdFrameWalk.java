package org.vmcore.envelope;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Optional;
import org.vmcore.io.ByteSource;
import org.vmcore.io.Cursor;
import org.vmcore.memory.VmcoreException;

/**
 * Finds the frames of a zstd file of which each tells how large its content is (RFC 8878): of a
 * small file, or one made of many.
 *
 * <p>Of each frame the header is read and the headers of its blocks, each of which tells where the
 * next one is.
 */
final class ZstdFrameWalk {
  private static final int MAGIC_SIZE = 4;
  private static final int MOST_HEADER = 18;
  private static final int BLOCK_HEADER = 3;
  private static final int SINGLE_SEGMENT = 0x20;
  private static final int CHECKSUM = 4;
  private static final int RLE = 1;
  private static final int RESERVED = 3;
  private static final long NOT_KNOWN = -1;

  private final ByteSource file;
  private final byte[] bytes = new byte[MOST_HEADER];
  private long at;

  /** The bytes behind the frame's last block. */
  private int checksumSize;

  private ZstdFrameWalk(ByteSource file) {
    this.file = file;
  }

  /**
   * The frames of {@code file}; empty when one is too large or doesn't tell its size, or the file
   * is damaged.
   *
   * @throws VmcoreException when the file can't be read
   */
  static Optional<ZstdFrames> walk(ByteSource file) throws VmcoreException {
    return new ZstdFrameWalk(file).walk();
  }

  private Optional<ZstdFrames> walk() throws VmcoreException {
    ZstdFrames frames = new ZstdFrames(false);
    while (at < file.size()) {
      long start = at;
      Cursor in = cursor(MOST_HEADER);
      if (in.remaining() < 2 * MAGIC_SIZE) {
        return Optional.empty();
      }
      int magic = in.s32("Magic_Number");
      if (ZstdFrames.isSkippable(magic)) {
        at += 2 * MAGIC_SIZE + in.u32("Frame_Size");
        continue;
      }
      long size = magic == ZstdFrames.MAGIC ? header(in) : NOT_KNOWN;
      if (size > ZstdFrames.MOST || size < 0 || !blocks() || !ZstdFrames.fits(at - start, size)) {
        return Optional.empty();
      }
      frames.add(start, at - start, size, 0);
    }
    return at == file.size() && frames.count() > 0 ? Optional.of(frames) : Optional.empty();
  }

  private Cursor cursor(int size) throws VmcoreException {
    MemorySegment dst = MemorySegment.ofArray(bytes).asSlice(0, size);
    return Cursor.of(file.name(), at, dst.asSlice(0, file.read(at, dst)), ByteOrder.LITTLE_ENDIAN);
  }

  /** Frame_Content_Size; passes over the frame's header. */
  private long header(Cursor in) throws VmcoreException {
    int descriptor = in.u8("Frame_Header_Descriptor");
    boolean single = (descriptor & SINGLE_SEGMENT) != 0;
    int dictionary = descriptor & 3;
    int flag = descriptor >> 6;
    if (dictionary != 0 || (flag == 0 && !single)) {
      return NOT_KNOWN;
    }
    int rest = (single ? 0 : 1) + (flag == 0 ? 1 : 1 << flag);
    if (in.remaining() < rest) {
      return NOT_KNOWN;
    }
    in.skip(single ? 0 : 1, "Window_Descriptor");
    long size =
        switch (flag) {
          case 0 -> in.u8("Frame_Content_Size");
          case 1 -> in.u16("Frame_Content_Size") + 256;
          case 2 -> in.u32("Frame_Content_Size");
          default -> in.u64("Frame_Content_Size");
        };
    at += in.position();
    checksumSize = (descriptor & CHECKSUM) != 0 ? 4 : 0;
    return size;
  }

  /** Passes over the frame's blocks and its checksum; false when they aren't all there. */
  private boolean blocks() throws VmcoreException {
    for (boolean last = false; !last; ) {
      Cursor in = cursor(BLOCK_HEADER);
      if (in.remaining() < BLOCK_HEADER) {
        return false;
      }
      int header = in.u16("Block_Header") | in.u8("Block_Header") << 16;
      int type = header >> 1 & 3;
      if (type == RESERVED) {
        return false;
      }
      last = (header & 1) != 0;
      at += BLOCK_HEADER + (type == RLE ? 1 : header >> 3);
    }
    at += checksumSize;
    return at <= file.size();
  }
}
