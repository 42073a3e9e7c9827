package org.vmcore.envelope;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.vmcore.codec.ZstdLibrary;
import org.vmcore.io.ByteSource;
import org.vmcore.io.Cursor;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.Spill;

/**
 * Takes files out of what they are wrapped in, so that their own format can be probed.
 *
 * <p>Flattened files are read where they lie, and so are zstd files whose frames can be unpacked
 * one by one; others are unpacked to a temporary file.
 */
public final class Envelopes {
  /** The most envelopes around a file: some files unpack to themselves. */
  private static final int MOST = 4;

  /** The most skippable frames before a zstd file's first one. */
  private static final int MOST_SKIPPED = 16;

  private Envelopes() {}

  /** What a file begins as. */
  private enum Kind {
    NONE,
    FLATTENED,
    GZIP,
    ZSTD
  }

  /**
   * The bytes inside of all envelopes of {@code outer}; {@code outer} itself when it is in none.
   *
   * <p>{@code outer} is given away: it is closed with the result, or before, when it isn't needed
   * any more, and when this method throws.
   *
   * @param spill where files are unpacked that can't be read where they lie
   * @param findings where it is told that an envelope is cut short or damaged; what came before is
   *     read, the rest is lost
   * @throws VmcoreException when an envelope is of a kind that can't be read, nothing can be read
   *     of it, there is no room to unpack it, or there are too many
   */
  public static ByteSource open(ByteSource outer, Spill spill, List<Finding> findings)
      throws VmcoreException {
    ByteSource source = outer;
    boolean opened = false;
    try {
      Kind kind = kind(source);
      for (int depth = 0; kind != Kind.NONE; depth++) {
        if (depth == MOST) {
          throw VmcoreException.of(
              source.name(), "more than " + MOST + " envelopes: " + source.envelopes());
        }
        source = unwrap(kind, source, spill, findings);
        kind = kind(source);
      }
      opened = true;
      return source;
    } catch (OutOfMemoryError e) {
      throw VmcoreException.of(
          source.name(), "the index of its records doesn't fit into the memory there is (-Xmx)", e);
    } finally {
      if (!opened) {
        source.close();
      }
    }
  }

  private static Kind kind(ByteSource source) throws VmcoreException {
    byte[] start = new byte[FlattenedRecords.SIGNATURE.length];
    long got = source.readPresent(0, MemorySegment.ofArray(start));
    if (got == start.length && Arrays.equals(start, FlattenedRecords.SIGNATURE)) {
      return Kind.FLATTENED;
    }
    if (got >= 2 && ((start[0] & 0xff) << 8 | (start[1] & 0xff)) == GzipUnpacker.MAGIC) {
      return Kind.GZIP;
    }
    return isZstd(source) ? Kind.ZSTD : Kind.NONE;
  }

  private static boolean isZstd(ByteSource source) throws VmcoreException {
    long at = 0;
    for (int i = 0; i <= MOST_SKIPPED; i++) {
      MemorySegment start = MemorySegment.ofArray(new byte[8]);
      long got = source.read(at, start);
      Cursor in = Cursor.of(source.name(), at, start.asSlice(0, got), ByteOrder.LITTLE_ENDIAN);
      int magic = got < 4 ? 0 : in.s32("Magic_Number");
      if (got < 8 || !ZstdFrames.isSkippable(magic)) {
        return magic == ZstdFrames.MAGIC;
      }
      at += 8 + in.u32("Frame_Size");
    }
    return false;
  }

  /** What is in {@code source}, which is closed with it or now; when it throws it stays open. */
  private static ByteSource unwrap(
      Kind kind, ByteSource source, Spill spill, List<Finding> findings) throws VmcoreException {
    return switch (kind) {
      case NONE -> source;
      case FLATTENED -> FlattenedSource.of(source, findings);
      case GZIP -> {
        try (Unpacker gzip = new GzipUnpacker(source, findings)) {
          yield unpacked(source, GzipUnpacker.NAME, gzip, spill, findings);
        }
      }
      case ZSTD -> zstd(source, spill, findings);
    };
  }

  private static ByteSource zstd(ByteSource source, Spill spill, List<Finding> findings)
      throws VmcoreException {
    ZstdLibrary.require(source.name());
    Optional<ZstdFrames> frames = ZstdSeekTable.read(source, findings);
    if (frames.isEmpty()) {
      frames = ZstdFrameWalk.walk(source, findings);
    }
    if (frames.isPresent()) {
      return new ZstdSource(source, frames.get());
    }
    try (Unpacker zstd = ZstdUnpacker.of(source, findings)) {
      return unpacked(source, ZstdSource.NAME, zstd, spill, findings);
    }
  }

  private static ByteSource unpacked(
      ByteSource source, String name, Unpacker unpacker, Spill spill, List<Finding> findings)
      throws VmcoreException {
    int before = findings.size();
    ByteSource unpacked = SpillFile.of(source, name, unpacker, spill);
    if (unpacked.size() == 0 && findings.size() > before) {
      unpacked.close();
      Finding reason = findings.getLast();
      throw VmcoreException.at(source.name(), reason.offset().orElse(0), reason.message());
    }
    source.close();
    return unpacked;
  }
}
