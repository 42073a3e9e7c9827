package org.vmcore.envelope;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.vmcore.envelope.packed.FrameMagic;
import org.vmcore.io.ByteSource;
import org.vmcore.io.Cursor;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * The seek table at the end of a seekable zstd file: a skippable frame of entries {compressed size,
 * decompressed size, checksum} and a footer {number of frames, descriptor, magic}, little-endian
 * (zstd's {@code contrib/seekable_format/zstd_seekable_compression_format.md}).
 */
final class ZstdSeekTable {
  private static final int FOOTER_SIZE = 9;
  private static final int HEADER_SIZE = 8;
  private static final int FOOTER_MAGIC = 0x8f92_eab1;
  private static final int HEADER_MAGIC = 0x184d_2a5e;
  private static final int CHECKSUMS = 0x80;
  private static final int RESERVED = 0x7c;
  private static final int BATCH = 1 << 13;

  /** The size of a frame without content: header, one block's header, checksum. */
  private static final int MOST_EMPTY = 18 + 3 + 4;

  private final ByteSource file;
  private final long count;
  private final boolean withChecksum;

  private ZstdSeekTable(ByteSource file, long count, boolean withChecksum) {
    this.file = file;
    this.count = count;
    this.withChecksum = withChecksum;
  }

  /**
   * The frames that the seek table of {@code file} tells of; empty when it has none, a frame is too
   * large, or what it tells can't be.
   *
   * @param findings where the last is told
   * @throws VmcoreException when the file can't be read
   */
  static Optional<ZstdFrames> read(ByteSource file, List<Finding> findings) throws VmcoreException {
    long at = file.size() - FOOTER_SIZE;
    if (file.available(at, FOOTER_SIZE) < FOOTER_SIZE) {
      return Optional.empty();
    }
    Cursor footer = cursor(file, at, FOOTER_SIZE);
    long count = footer.u32("Number_Of_Frames");
    int descriptor = footer.u8("Seek_Table_Descriptor");
    if (footer.s32("Seekable_Magic_Number") != FOOTER_MAGIC) {
      return Optional.empty();
    }
    ZstdSeekTable table = new ZstdSeekTable(file, count, (descriptor & CHECKSUMS) != 0);
    String refusal =
        (descriptor & RESERVED) == 0
            ? table.refusal()
            : "Seek_Table_Descriptor is " + Hex.of(descriptor);
    if (!refusal.isEmpty()) {
      findings.add(Finding.warning(ZstdSource.NAME, at, "the seek table isn't used: " + refusal));
      return Optional.empty();
    }
    return table.frames(findings);
  }

  private static Cursor cursor(ByteSource file, long at, int size) throws VmcoreException {
    MemorySegment bytes = MemorySegment.ofArray(new byte[size]);
    long got = file.read(at, bytes);
    return Cursor.of(file.name(), at, bytes.asSlice(0, got), ByteOrder.LITTLE_ENDIAN);
  }

  private int entrySize() {
    return withChecksum ? 12 : 8;
  }

  private long start() {
    return file.size() - FOOTER_SIZE - count * entrySize() - HEADER_SIZE;
  }

  private String refusal() throws VmcoreException {
    if (start() < 0) {
      return "Number_Of_Frames is " + count + ", more than there is room for";
    }
    Cursor header = cursor(file, start(), HEADER_SIZE);
    if (header.remaining() < HEADER_SIZE || header.s32("Magic_Number") != HEADER_MAGIC) {
      return "no skippable frame begins at " + Hex.of(start());
    }
    long size = header.u32("Frame_Size");
    return size == file.size() - start() - HEADER_SIZE ? "" : "Frame_Size is " + size;
  }

  /** Whether a frame that should hold nothing holds nothing: else bytes would be passed over. */
  private boolean isEmpty(long at, long packed) throws VmcoreException {
    byte[] frame = new byte[(int) Math.min(packed, MOST_EMPTY)];
    long got = file.read(at, MemorySegment.ofArray(frame));
    if (got < frame.length || packed < 8) {
      return packed == 0;
    }
    Cursor in = Cursor.of(file.name(), at, MemorySegment.ofArray(frame), ByteOrder.LITTLE_ENDIAN);
    if (FrameMagic.isSkippable(in.s32("Magic_Number"))) {
      return in.u32("Frame_Size") == packed - 8;
    }
    try {
      byte[] dst = new byte[1];
      return packed <= MOST_EMPTY
          && Zstd.decompressByteArray(dst, 0, dst.length, frame, 0, frame.length) == 0;
    } catch (ZstdException e) {
      return false;
    }
  }

  private Optional<ZstdFrames> frames(List<Finding> findings) throws VmcoreException {
    ZstdFrames frames = new ZstdFrames(withChecksum);
    long at = 0;
    Cursor in = cursor(file, start(), 0);
    for (long i = 0; i < count; i++) {
      if (in.remaining() == 0) {
        int batch = (int) Math.min(count - i, BATCH) * entrySize();
        in = cursor(file, start() + HEADER_SIZE + i * entrySize(), batch);
      }
      long packed = in.u32("Compressed_Size");
      long size = in.u32("Decompressed_Size");
      int checksum = withChecksum ? in.s32("Checksum") : 0;
      if (size > 0 && !ZstdFrames.fits(packed, size)) {
        return Optional.empty();
      }
      if (size == 0 && !isEmpty(at, packed)) {
        break;
      }
      frames.add(at, packed, size, checksum);
      at += packed;
    }
    if (at != start() || frames.count() == 0) {
      findings.add(
          Finding.warning(
              ZstdSource.NAME,
              start(),
              "the seek table isn't used: its frames end at " + Hex.of(at)));
      return Optional.empty();
    }
    return Optional.of(frames);
  }
}
