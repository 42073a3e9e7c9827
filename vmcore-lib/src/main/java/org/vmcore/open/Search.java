package org.vmcore.open;

import java.util.OptionalLong;
import org.vmcore.values.Described;

/**
 * How far memory is searched for what a dump doesn't tell: crash headers, VMCOREINFO, the tables of
 * symbols, the list of modules.
 *
 * @param limit the most bytes that each search reads; empty for the default, which is {@link
 *     #LIMIT} or what a search of less worth has. What isn't in the dump isn't read, nor are holes
 *     of files from 512 MiB on: they cost next to nothing
 * @param listener is told how far a search is, for it may take long
 */
public record Search(OptionalLong limit, Listener listener) {
  /**
   * The default of {@link #limit}: 512 GiB.
   *
   * <p>Nothing says where in memory these things are, so less would miss them on machines as they
   * are sold; more takes hours from a disk: this much is read in 3 minutes at 3 GB/s, in an hour at
   * 150 MB/s.
   */
  public static final long LIMIT = 512L << 30;

  /** For {@link #limit}: there is none. */
  public static final long NO_LIMIT = Long.MAX_VALUE;

  /** As far as it is worth it, and nobody is told. */
  public static final Search DEFAULT = new Search(OptionalLong.empty(), new Listener() {});

  /**
   * @throws IllegalArgumentException when the limit is negative
   */
  public Search {
    if (limit.isPresent() && limit.getAsLong() < 0) {
      throw new IllegalArgumentException("negative");
    }
  }

  /**
   * Up to {@code limit} bytes.
   *
   * @throws IllegalArgumentException when the limit is negative
   */
  public Search(long limit, Listener listener) {
    this(OptionalLong.of(limit), listener);
  }

  /** The most bytes that a search reads. */
  public long bytes() {
    return limit.orElse(LIMIT);
  }

  /** The same with {@code other} in place of the default limit; one that was set stays. */
  public Search withDefault(long other) {
    return limit.isEmpty() ? new Search(other, listener) : this;
  }

  /** Is told of searches; by default it does nothing. */
  public interface Listener {
    /**
     * {@code done} of {@code total} bytes are searched, or passed over. Where the limit comes
     * first, or what is sought, the total is never reached.
     *
     * @param what is sought: {@code VMCOREINFO}
     */
    default void progress(String what, long done, long total) {}

    /** The search is over. */
    default void over() {}
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("Search").hex("limit", limit).add("listener", listener).toString();
  }
}
