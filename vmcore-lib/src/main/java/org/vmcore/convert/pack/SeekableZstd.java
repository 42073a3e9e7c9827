package org.vmcore.convert.pack;

import com.github.luben.zstd.Zstd;
import java.util.function.LongConsumer;
import org.vmcore.codec.ZstdLibrary;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.OutputFile;

/**
 * Writes zstd files that any zstd unpacks, and of which a reader can unpack a part: frames of the
 * same size that don't know of each other, and a seek table behind them.
 *
 * <p>Source: zstd's {@code contrib/seekable_format/zstd_seekable_compression_format.md};
 * FORMATS.md, 39, 40 and 135.
 */
public final class SeekableZstd {
  /** The name in errors. */
  private static final String NAME = "zstd";

  /** Log2 of a frame's bytes: a smaller one gets larger when it is packed, none gets smaller. */
  private static final int SHIFT = 18;

  /** Log2 of the bytes of the largest frame: larger ones we don't unpack in place either. */
  private static final int MOST_SHIFT = 26;

  /** Log2 of the frames for which the table doesn't get too large, for a reader that keeps it. */
  private static final int FRAMES_SHIFT = 21;

  /** The most frames that zstd's own reader takes. */
  private static final long MOST_FRAMES = 0x800_0000;

  /** Bytes of all frames under way, before and after, and of what compresses them. */
  private static final long ROOM = 256 << 20;

  /** Up to this level zstd's tables are small. */
  private static final int FAST_LEVEL = 3;

  private SeekableZstd() {}

  /**
   * Appends all of {@code content} to {@code out}. Each frame has its content's size and a
   * checksum; one of zeros is compressed once.
   *
   * @param level how hard zstd tries
   * @param jobs how many threads read and compress, the calling one among them
   * @param progress is told how many bytes more of the content were written; by several threads,
   *     one at a time
   * @throws VmcoreException when {@code content} can't be read or {@code out} not be written; when
   *     zstd's library can't be loaded; when there are too many bytes, 8 PiB
   * @throws IllegalArgumentException when there is no such level
   */
  public static void write(
      OutputFile out, Content content, int level, int jobs, LongConsumer progress)
      throws VmcoreException {
    ZstdLibrary.require(NAME);
    if (level < Zstd.minCompressionLevel() || level > Zstd.maxCompressionLevel()) {
      throw new IllegalArgumentException("zstd has no level " + level);
    }
    long size = content.size();
    int frame = frameSize(size);
    long count = (size + frame - 1) / frame;
    if (count > MOST_FRAMES) {
      throw VmcoreException.of(NAME, size + " bytes are too many for a seek table");
    }
    SeekTable table = new SeekTable(size, frame);
    try (SeekableZstdFrames frames = new SeekableZstdFrames(out, content, table, level, progress)) {
      OrderedWork.run(threads(jobs, frame, level), count, frames);
    }
    table.writeTo(out);
  }

  /** A context's tables are some times as large as a frame, the larger the harder zstd tries. */
  private static int threads(int jobs, int frame, int level) {
    long tables = (level > FAST_LEVEL ? 16L : 4L) * frame;
    return OrderedWork.threads(jobs, ROOM, 2L * frame, tables);
  }

  /** The bytes of each frame but the last. */
  static int frameSize(long size) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(Math.max(size - 1, 0));
    return 1 << Math.clamp(bits - FRAMES_SHIFT, SHIFT, MOST_SHIFT);
  }
}
