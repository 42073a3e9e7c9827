package org.vmcore.envelope;

import java.util.List;
import java.util.Optional;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * Finds the frames of a zstd file of which each tells how large its content is (RFC 8878): of a
 * small file, or one made of many.
 *
 * <p>Of each frame the header is read and the headers of its blocks, each of which tells where the
 * next one is. Where a block isn't one, the next frame is searched for: what the damaged one tells
 * of its size is enough to know where the others belong.
 */
final class ZstdFrameWalk {
  private static final int SKIPPABLE_HEADER = 8;

  /** The most frames that hold nothing: a file is not made of them. */
  private static final int MOST_EMPTY = 1 << 16;

  private final ByteSource file;
  private final List<Finding> findings;
  private final ZstdFrameHeaders headers;
  private final ZstdFrames frames = new ZstdFrames(false);
  private int empty;

  private ZstdFrameWalk(ByteSource file, List<Finding> findings) {
    this.file = file;
    this.findings = findings;
    this.headers = new ZstdFrameHeaders(file);
  }

  /**
   * The frames of {@code file}; empty when one is too large or doesn't tell its size, or it isn't
   * known where those behind a damaged one belong.
   *
   * @param findings where it is told that the file is damaged, or has something behind its end
   * @throws VmcoreException when the file can't be read
   */
  static Optional<ZstdFrames> walk(ByteSource file, List<Finding> findings) throws VmcoreException {
    return new ZstdFrameWalk(file, findings).walk();
  }

  private Optional<ZstdFrames> walk() throws VmcoreException {
    long at = 0;
    while (at < file.size() && empty <= MOST_EMPTY) {
      long skipped = headers.skippable(at);
      long next = skipped > 0 ? skipped : frame(at);
      if (next < 0) {
        return frames.count() > 0 && headers.isPadding(at) ? padded(at) : Optional.empty();
      }
      at = next;
      empty += skipped > 0 ? 1 : 0;
    }
    return at == file.size() && frames.count() > 0 ? Optional.of(frames) : Optional.empty();
  }

  private Optional<ZstdFrames> padded(long at) {
    findings.add(
        Finding.warning(ZstdSource.NAME, at, "what follows the zstd file's end is left out"));
    return Optional.of(frames);
  }

  /** Adds the frame at {@code start}, and gives where the next one is; -1 when that isn't known. */
  private long frame(long start) throws VmcoreException {
    Optional<ZstdFrameHeaders.Header> header = headers.at(start);
    if (header.isEmpty() || header.get().contentSize() > ZstdFrames.MOST) {
      return -1;
    }
    long size = header.get().contentSize();
    long end = headers.end(start, header.get());
    if (end < 0) {
      end = behindDamage(start, header.get());
    }
    if (end < 0 || !ZstdFrames.fits(end - start, size)) {
      return -1;
    }
    frames.add(start, end - start, size, 0);
    empty += size == 0 ? 1 : 0;
    return end;
  }

  /** Where the damaged frame at {@code start} ends at the latest. */
  private long behindDamage(long start, ZstdFrameHeaders.Header header) throws VmcoreException {
    long next = headers.next(start + SKIPPABLE_HEADER);
    long end = next < 0 ? file.size() : next;
    if (ZstdFrames.fits(end - start, header.contentSize())) {
      findings.add(
          Finding.error(
              ZstdSource.NAME,
              start,
              "the zstd file is damaged: the blocks of the frame at "
                  + Hex.of(start)
                  + (next < 0 ? " aren't whole" : " don't end where the next frame begins")));
    }
    return end;
  }
}
