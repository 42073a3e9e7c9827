package org.vmcore.envelope;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.vmcore.envelope.packed.ZstdUnpacker;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Bytes;
import org.vmcore.values.Hex;

/**
 * A zstd file whose frames are unpacked when they are asked for.
 *
 * <p>The frames that were asked for last are kept, for all threads. That one is damaged shows when
 * it is unpacked; what it holds from the damage on is lost then.
 */
final class ZstdSource extends ByteSource {
  /** What the envelope is called. */
  static final String NAME = ZstdUnpacker.NAME;

  /** The most bytes of frames that are kept; one frame is, whatever its size. */
  private static final long MOST_KEPT = 2 * ZstdFrames.MOST;

  private final ByteSource packed;
  private final ZstdFrames frames;

  /** By index, the one that was asked for last at the end. */
  private final Map<Integer, Frame> kept = new LinkedHashMap<>(16, 0.75f, true);

  private final long mostKept = Math.min(MOST_KEPT, Runtime.getRuntime().maxMemory() / 8);
  private long keptBytes;
  private volatile boolean closed;

  /** What is in {@code packed}, which is closed with the source. */
  ZstdSource(ByteSource packed, ZstdFrames frames) {
    super(packed.identity().out(NAME), frames.size());
    this.packed = packed;
    this.frames = frames;
  }

  /** A frame, unpacked by the first thread that needs it while the others wait. */
  private static final class Frame {
    private byte[] bytes = new byte[0];
  }

  @Override
  public long read(long position, MemorySegment dst) throws VmcoreException {
    long wanted = available(position, dst.byteSize());
    for (long done = 0; done < wanted; ) {
      int i = frames.indexOf(position + done);
      byte[] bytes = bytes(i);
      long from = position + done - frames.start(i);
      if (from >= bytes.length) {
        return isThere(done, position);
      }
      long n = Math.min(wanted - done, bytes.length - from);
      Bytes.copy(MemorySegment.ofArray(bytes), from, dst, done, n);
      done += n;
    }
    return wanted;
  }

  /** The {@code done} bytes from {@code position} on that could be had, if there are any. */
  private long isThere(long done, long position) throws VmcoreException {
    if (done == 0) {
      throw VmcoreException.at(name(), position, why(lossAt(position)));
    }
    return done;
  }

  private static String why(Optional<Finding> loss) {
    return loss.map(Finding::message).orElse("lost");
  }

  /** What can be had of frame {@code i}. */
  private byte[] bytes(int i) throws VmcoreException {
    Frame frame = frame(i);
    synchronized (frame) {
      if (closed) {
        throw VmcoreException.of(name(), "the dump is closed");
      }
      if (frame.bytes.length == 0 && available(frames.start(i), 1) > 0) {
        frame.bytes = unpack(i);
      }
      return frame.bytes;
    }
  }

  private Frame frame(int i) {
    synchronized (kept) {
      Frame known = kept.get(i);
      if (known != null) {
        return known;
      }
      Frame frame = new Frame();
      kept.put(i, frame);
      keptBytes += frames.size(i);
      dropOldest();
      return frame;
    }
  }

  private void dropOldest() {
    Iterator<Integer> oldest = kept.keySet().iterator();
    while (keptBytes > mostKept && kept.size() > 1) {
      keptBytes -= frames.size(oldest.next());
      oldest.remove();
    }
  }

  private byte[] unpack(int i) throws VmcoreException {
    byte[] src = new byte[frames.packedSize(i)];
    byte[] dst = new byte[frames.size(i)];
    long got = packed.readPresent(frames.packedStart(i), MemorySegment.ofArray(src));
    if (got < src.length) {
      return damaged(i, beginning(i, dst), why(packed.lossAt(frames.packedStart(i) + got)));
    }
    try {
      long n = Zstd.decompressByteArray(dst, 0, dst.length, src, 0, src.length);
      if (n != dst.length) {
        return misplaced(i, n + " bytes instead of " + dst.length);
      }
    } catch (ZstdException e) {
      return e.getErrorCode() == Zstd.errDstSizeTooSmall()
              && Zstd.getFrameContentSize(src) != dst.length
          ? misplaced(i, "more than " + dst.length + " bytes")
          : damaged(i, beginning(i, dst), String.valueOf(e.getMessage()));
    }
    if (frames.withChecksum() && !frames.hasChecksum(i, XxHash64.of(dst))) {
      return damaged(i, new byte[0], "wrong checksum");
    }
    return dst;
  }

  /**
   * What comes out of a damaged frame before its damage; nothing when all of it does and only its
   * checksum is wrong: the damage may be anywhere.
   */
  private byte[] beginning(int i, byte[] dst) throws VmcoreException {
    int done = 0;
    try (ZstdUnpacker frame =
        ZstdUnpacker.of(packed, frames.packedStart(i), frames.packedSize(i), new ArrayList<>())) {
      int n;
      do {
        n = frame.unpack(dst, done, dst.length - done);
        done += n;
      } while (n > 0 && done < dst.length);
    }
    return Arrays.copyOf(dst, done < dst.length ? done : 0);
  }

  /** Frame {@code i} isn't as large as it should be: those behind it belong elsewhere. */
  private byte[] misplaced(int i, String reason) {
    String what = reason + "; where what is behind it belongs isn't known";
    lose(frames.start(i), size(), damage(i, what));
    return new byte[0];
  }

  private byte[] damaged(int i, byte[] there, String reason) {
    lose(frames.start(i) + there.length, frames.start(i + 1), damage(i, reason));
    return there;
  }

  private String damage(int i, String reason) {
    String range = Hex.of(frames.start(i)) + "-" + Hex.of(frames.start(i + 1) - 1);
    return "zstd: frame " + i + " is damaged, which holds " + range + ": " + reason;
  }

  /** {@inheritDoc} Its offset is that of the frame in the zstd file. */
  @Override
  public Optional<Finding> lossAt(long position) {
    Optional<Finding> loss = super.lossAt(position);
    return position >= size()
        ? loss
        : loss.map(
            lost -> {
              int frame = frames.indexOf(lost.offset().orElse(position));
              return Finding.error(NAME, frames.packedStart(frame), lost.message());
            });
  }

  @Override
  public Optional<MemorySegment> mapped() {
    return Optional.empty();
  }

  @Override
  public void close() {
    closed = true;
    packed.close();
  }
}
