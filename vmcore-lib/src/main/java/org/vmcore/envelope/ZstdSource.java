package org.vmcore.envelope;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.vmcore.io.ByteSource;
import org.vmcore.io.Faults;
import org.vmcore.memory.VmcoreException;

/**
 * A zstd file whose frames are unpacked when they are asked for.
 *
 * <p>The frames that were asked for last are kept, for all threads; one that is damaged fails those
 * reads that need it.
 */
final class ZstdSource extends ByteSource {
  /** What the envelope is called. */
  static final String NAME = "zstd";

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
      long n = Math.min(wanted - done, bytes.length - from);
      MemorySegment.copy(MemorySegment.ofArray(bytes), from, dst, done, n);
      done += n;
    }
    return wanted;
  }

  private byte[] bytes(int i) throws VmcoreException {
    Frame frame = frame(i);
    synchronized (frame) {
      if (closed) {
        throw VmcoreException.of(name(), "the dump is closed");
      }
      if (frame.bytes.length == 0) {
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
    long at = frames.packedStart(i);
    byte[] src = new byte[frames.packedSize(i)];
    if (packed.read(at, MemorySegment.ofArray(src)) < src.length) {
      throw VmcoreException.at(name(), at, Faults.TRUNCATED);
    }
    byte[] dst = new byte[frames.size(i)];
    try {
      long n = Zstd.decompressByteArray(dst, 0, dst.length, src, 0, src.length);
      if (n != dst.length) {
        throw damaged(i, n + " bytes instead of " + dst.length);
      }
    } catch (ZstdException e) {
      throw damaged(i, String.valueOf(e.getMessage()));
    }
    if (frames.withChecksum() && !frames.hasChecksum(i, XxHash64.of(dst))) {
      throw damaged(i, "wrong checksum");
    }
    return dst;
  }

  private VmcoreException damaged(int i, String reason) {
    return VmcoreException.at(
        name(), frames.packedStart(i), "zstd: frame " + i + " is damaged: " + reason);
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
