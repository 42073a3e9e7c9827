package org.vmcore.io;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** Takes files out of what they are wrapped in, so that their own format can be probed. */
public final class Envelopes {
  /** The most envelopes around a file: some files unpack to themselves. */
  private static final int MOST = 4;

  private Envelopes() {}

  /**
   * The bytes inside of all envelopes of {@code outer}; {@code outer} itself when it is in none.
   *
   * <p>{@code outer} is given away: it is closed with the result, or before, when it isn't needed
   * any more, and when this method throws.
   *
   * @param findings where it is told that an envelope is cut short or damaged; what came before is
   *     read, the rest is lost
   * @throws VmcoreException when an envelope is of a kind that can't be read, nothing can be read
   *     of it, or there are too many
   */
  public static ByteSource open(ByteSource outer, List<Finding> findings) throws VmcoreException {
    ByteSource source = outer;
    boolean opened = false;
    try {
      for (int depth = 0; isFlattened(source); depth++) {
        if (depth == MOST) {
          throw VmcoreException.of(
              source.name(), "more than " + MOST + " envelopes: " + source.envelopes());
        }
        source = FlattenedSource.of(source, findings);
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

  private static boolean isFlattened(ByteSource source) throws VmcoreException {
    byte[] signature = new byte[FlattenedRecords.SIGNATURE.length];
    return source.read(0, MemorySegment.ofArray(signature)) == signature.length
        && Arrays.equals(signature, FlattenedRecords.SIGNATURE);
  }
}
