package org.vmcore.envelope;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.vmcore.io.ByteSource.Span;
import org.vmcore.memory.Finding;
import org.vmcore.values.Hex;

/**
 * The frames of a zstd file that turned out to be damaged: what they hold from the damage on is
 * lost.
 */
final class DamagedFrames {
  private final ZstdFrames frames;

  /**
   * What is wrong with a frame.
   *
   * @param there how many of its bytes can be had, from the first one on
   * @param reason why no more
   */
  private record Damage(int there, String reason) {}

  private final ConcurrentSkipListMap<Integer, Damage> damages = new ConcurrentSkipListMap<>();

  /** The first frame of which it isn't known where its bytes belong, and no frame before it. */
  private volatile int misplaced;

  private volatile String whyMisplaced = "";

  DamagedFrames(ZstdFrames frames) {
    this.frames = frames;
    this.misplaced = frames.count();
  }

  /** Of frame {@code frame} only the first {@code there} bytes can be had. */
  void add(int frame, int there, String reason) {
    damages.put(frame, new Damage(there, reason));
  }

  /** Frame {@code first} isn't as large as it should be: those behind it belong elsewhere. */
  synchronized void addAllFrom(int first, String reason) {
    if (first < misplaced) {
      whyMisplaced = reason;
      misplaced = first;
    }
  }

  /** Whether no byte of {@code frame} can be had. */
  boolean isLost(int frame) {
    return start(frame) == frames.start(frame);
  }

  /** Where the bytes begin that can't be had of {@code frame}; its end when it isn't damaged. */
  private long start(int frame) {
    if (frame >= misplaced) {
      return frames.start(frame);
    }
    Damage damage = damages.isEmpty() ? null : damages.get(frame);
    return damage == null ? frames.start(frame + 1) : frames.start(frame) + damage.there();
  }

  /** What holds the byte at {@code position}, which is in one of all frames. */
  Span spanAt(long position) {
    int frame = frames.indexOf(position);
    long end = frames.start(misplaced);
    if (frame >= misplaced) {
      return new Span(end, frames.size(), false);
    }
    if (position >= start(frame)) {
      return new Span(start(frame), frames.start(frame + 1), false);
    }
    Map.Entry<Integer, Damage> before = damages.lowerEntry(frame);
    Map.Entry<Integer, Damage> next = damages.ceilingEntry(frame);
    return new Span(
        before == null ? 0 : frames.start(before.getKey() + 1),
        next == null ? end : Math.min(end, start(next.getKey())),
        true);
  }

  /** How many of the {@code length} bytes from {@code position} on are lost. */
  long bytesIn(long position, long length) {
    int first = misplaced;
    long sum = overlap(position, length, frames.start(first), frames.size());
    for (int frame : damages.headMap(first).keySet()) {
      sum += overlap(position, length, start(frame), frames.start(frame + 1));
    }
    return sum;
  }

  private static long overlap(long position, long length, long from, long to) {
    return Math.max(0, Math.min(position + length, to) - Math.max(position, from));
  }

  /** Why the byte at {@code position} is lost; empty when it isn't. */
  Optional<Finding> lossAt(long position) {
    int frame = frames.indexOf(position);
    if (frame >= misplaced) {
      String reason = whyMisplaced + "; where what is behind it belongs isn't known";
      return Optional.of(finding(misplaced, frames.size(), reason));
    }
    Damage damage = position < start(frame) ? null : damages.get(frame);
    return damage == null
        ? Optional.empty()
        : Optional.of(finding(frame, frames.start(frame + 1), damage.reason()));
  }

  private Finding finding(int frame, long end, String reason) {
    return Finding.error(
        ZstdSource.NAME,
        frames.packedStart(frame),
        "zstd: frame "
            + frame
            + " is damaged, which holds "
            + Hex.of(frames.start(frame))
            + "-"
            + Hex.of(end - 1)
            + ": "
            + reason);
  }
}
