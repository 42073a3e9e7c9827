package org.vmcore.open;

import java.nio.file.Path;
import java.util.Optional;
import org.vmcore.values.Described;

/**
 * Where to, and how far, files are unpacked that can't be read where they lie, most compressed
 * files, and to where pipes are saved.
 *
 * @param directory where the temporary file is made; when empty, {@code java.io.tmpdir}. It has no
 *     name any more once it is open, so that nothing is left behind however the process ends
 * @param limit the most bytes of it; nor does it take the last free space of the directory's file
 *     system
 * @param listener is told that a file is unpacked, for that takes long
 */
public record Spill(Optional<Path> directory, long limit, Listener listener) {
  /** The default of {@link #limit}: 64 GiB. */
  public static final long LIMIT = 64L << 30;

  /** In {@code java.io.tmpdir}, and nobody is told. */
  public static final Spill DEFAULT = new Spill(Optional.empty(), LIMIT, new Listener() {});

  /**
   * @throws IllegalArgumentException when the limit is negative
   */
  public Spill {
    if (limit < 0) {
      throw new IllegalArgumentException("negative");
    }
  }

  /** Is told what is unpacked; by default it does nothing. */
  public interface Listener {
    /**
     * A file is going to be unpacked.
     *
     * @param file its name as it was given
     * @param envelope what it is wrapped in: {@code gzip}
     * @param directory where the temporary file is
     */
    default void unpacking(String file, String envelope, Path directory) {}

    /**
     * What comes out of a pipe is going to be saved.
     *
     * @param file its name as it was given
     * @param directory where the temporary file is
     */
    default void saving(String file, Path directory) {}

    /**
     * A file that can't be read at an offset is going to be saved: a web server sends it as a whole
     * alone, or it lies in a zip file.
     *
     * @param file its name as it was given
     * @param directory where the temporary file is
     */
    default void savingStream(String file, Path directory) {}

    /**
     * {@code done} of {@code total} bytes, counted where they are packed, are unpacked; of a pipe,
     * saved, and nobody knows the total: it is −1.
     *
     * <p>When the file is damaged the total is never reached.
     */
    default void progress(long done, long total) {}
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("Spill")
        .add("directory", directory)
        .hex("limit", limit)
        .add("listener", listener)
        .toString();
  }
}
