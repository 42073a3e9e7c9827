package org.vmcore.scan;

import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.memory.Finding;
import org.vmcore.open.Search;
import org.vmcore.values.Hex;

/**
 * What one search may read. It is spent by the bytes that are read, and a little by each place that
 * is passed over: a dump made to be searched for long ends it.
 */
public final class SearchBudget implements AutoCloseable {
  /** What it costs to find out that nothing is to be read at a place, in bytes. */
  private static final long STEP = 64 << 10;

  private static final String CHECK = "search_limit";

  private final Search search;
  private final String what;
  private final long total;
  private long spent;
  private long passed;
  private Optional<String> unsearched = Optional.empty();

  private SearchBudget(Search search, String what, long total) {
    this.search = search;
    this.what = what;
    this.total = total < 0 ? Long.MAX_VALUE : total;
  }

  /**
   * The budget of a search.
   *
   * @param what is sought: {@code VMCOREINFO}
   * @param total how many bytes there are to be searched, for who shows progress
   */
  public static SearchBudget of(Search search, String what, long total) {
    return new SearchBudget(search, what, total);
  }

  /** Takes {@code bytes} that were read. */
  public void read(long bytes) {
    spent += bytes;
    pass(bytes);
  }

  /** Takes a place with {@code bytes} that needn't be read. */
  void skip(long bytes) {
    spent += STEP;
    pass(bytes);
  }

  private void pass(long bytes) {
    passed += Math.min(bytes < 0 ? Long.MAX_VALUE : bytes, total - passed);
    search.listener().progress(what, passed, total);
  }

  /** Begins to go over the same memory again. */
  void again() {
    passed = 0;
  }

  /** Whether nothing is left. */
  public boolean isSpent() {
    return spent >= search.bytes();
  }

  /** How many bytes may still be read, at least 1 and at most {@code most}. */
  long left(long most) {
    return Math.clamp(search.bytes() - spent, 1, most);
  }

  /** The search ends at {@code address} because nothing is left. */
  void cutAt(long address) {
    end(address, "the limit is " + search.bytes() + " bytes (--search-limit)");
  }

  /** The search ends at {@code address} because too much looks like what is sought. */
  public void giveUpAt(long address) {
    end(address, "too much looks like it");
  }

  private void end(long address, String why) {
    if (unsearched.isEmpty()) {
      unsearched = Optional.of("not searched from " + Hex.of(address) + " on: " + why);
    }
  }

  /** What wasn't searched and why, in half a line; empty when all was. */
  public Optional<String> unsearched() {
    return unsearched;
  }

  /** A warning of what wasn't searched; empty when all was. */
  public Optional<Finding> finding() {
    return unsearched().map(line -> warning(what + ": memory is " + line));
  }

  private static Finding warning(String line) {
    return new Finding(CHECK, Finding.Severity.WARNING, OptionalLong.empty(), line);
  }

  /** The search is over. */
  @Override
  public void close() {
    search.listener().over();
  }
}
