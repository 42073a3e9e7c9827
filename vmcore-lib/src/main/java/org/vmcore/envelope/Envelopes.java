package org.vmcore.envelope;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.vmcore.codec.ZstdLibrary;
import org.vmcore.envelope.packed.Packing;
import org.vmcore.envelope.packed.Unpacker;
import org.vmcore.io.ByteSource;
import org.vmcore.io.Streamed;
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

  private final Spill spill;
  private final List<Finding> findings;

  private Envelopes(Spill spill, List<Finding> findings) {
    this.spill = spill;
    this.findings = findings;
  }

  /**
   * The bytes inside of all envelopes of {@code file}; what comes out of a pipe is saved first.
   *
   * @throws VmcoreException when the file can't be opened; and as the other method does
   */
  public static ByteSource open(Path file, Spill spill, List<Finding> findings)
      throws VmcoreException {
    return open(outer(file, spill), spill, findings);
  }

  private static ByteSource outer(Path file, Spill spill) throws VmcoreException {
    if (ByteSource.isPipe(file)) {
      return SpillFile.ofPipe(file, spill);
    }
    try {
      return ByteSource.open(file);
    } catch (Streamed e) {
      return SpillFile.ofStream(file, spill);
    }
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
    Envelopes envelopes = new Envelopes(spill, findings);
    ByteSource source = outer;
    boolean opened = false;
    try {
      Optional<ByteSource> inner = envelopes.unwrap(source, 0);
      for (int depth = 1; inner.isPresent(); depth++) {
        source = inner.get();
        inner = envelopes.unwrap(source, depth);
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

  /**
   * What is in {@code source}, which is closed with it or now; empty when it is in no envelope.
   * Then, and when it throws, {@code source} stays open.
   */
  private Optional<ByteSource> unwrap(ByteSource source, int depth) throws VmcoreException {
    boolean isFlattened = FlattenedSource.is(source);
    Optional<Packing> packing = isFlattened ? Optional.empty() : Packing.of(source);
    if (!isFlattened && packing.isEmpty()) {
      return Optional.empty();
    }
    if (depth == MOST) {
      throw VmcoreException.of(
          source.name(), "more than " + MOST + " envelopes: " + source.envelopes());
    }
    return Optional.of(
        packing.isPresent() ? unpack(source, packing.get()) : FlattenedSource.of(source, findings));
  }

  private ByteSource unpack(ByteSource source, Packing packing) throws VmcoreException {
    if (packing == Packing.ZSTD) {
      ZstdLibrary.require(source.name());
      Optional<ZstdFrames> frames = ZstdSeekTable.read(source, findings);
      if (frames.isEmpty()) {
        frames = ZstdFrameWalk.walk(source, findings);
      }
      if (frames.isPresent()) {
        return new ZstdSource(source, frames.get());
      }
    }
    return spill(source, packing);
  }

  private ByteSource spill(ByteSource source, Packing packing) throws VmcoreException {
    int before = findings.size();
    ByteSource unpacked;
    try (Unpacker unpacker = packing.unpacker(source, findings)) {
      unpacked = SpillFile.of(source, packing.label(), unpacker, spill);
    }
    if (unpacked.size() == 0 && findings.size() > before) {
      unpacked.close();
      Finding reason = findings.getLast();
      throw VmcoreException.at(source.name(), reason.offset().orElse(0), reason.message());
    }
    source.close();
    return unpacked;
  }
}
