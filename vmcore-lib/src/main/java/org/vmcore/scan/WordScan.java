package org.vmcore.scan;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import org.vmcore.io.Faults;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;

/**
 * Looks for a number of four bytes at the start of every page of a memory, or at every four bytes.
 */
public final class WordScan implements MemoryScan.Look {
  /** The smallest page there is, in bytes: the headers that are sought are aligned to it. */
  private static final int PAGE = 4096;

  private static final ValueLayout.OfInt WORD =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Memory memory;
  private final String name;
  private final int word;
  private final int step;
  private final Hit hit;
  private boolean over;

  private WordScan(Memory memory, String name, int word, int step, Hit hit) {
    this.memory = memory;
    this.name = name;
    this.word = word;
    this.step = step;
    this.hit = hit;
  }

  /** Is told of each place where the word stands. */
  @FunctionalInterface
  public interface Hit {
    /**
     * The word stands at {@code address}.
     *
     * @return whether the scan goes on
     */
    boolean at(long address) throws VmcoreException;
  }

  /**
   * Scans the starts of pages for {@code word}, a little-endian number.
   *
   * @param name of the memory, for errors
   */
  public static void pages(Memory memory, String name, SearchBudget budget, int word, Hit hit)
      throws VmcoreException {
    scan(new WordScan(memory, name, word, PAGE, hit), budget);
  }

  /**
   * Scans every aligned four bytes for {@code word}, a little-endian number.
   *
   * @param name of the memory, for errors
   */
  public static void words(Memory memory, String name, SearchBudget budget, int word, Hit hit)
      throws VmcoreException {
    scan(new WordScan(memory, name, word, Integer.BYTES, hit), budget);
  }

  private static void scan(WordScan look, SearchBudget budget) throws VmcoreException {
    budget.again();
    new MemoryScan(look.memory, budget, look.step, Integer.BYTES).over(MemoryScan.EVERYWHERE, look);
  }

  @Override
  public boolean isOver() {
    return over;
  }

  /** What a file was cut by is missed: no search can tell what was there. */
  @Override
  public void lost(long address) throws VmcoreException {
    Optional<Finding> loss = memory.lossAt(address);
    if (loss.isPresent() && loss.get().message().equals(Faults.TRUNCATED)) {
      throw VmcoreException.of(name, Faults.TRUNCATED);
    }
  }

  /** One byte of each step is looked at: the first compiler makes fast code of it. */
  @Override
  public void at(byte[] bytes, int length, long address) throws VmcoreException {
    byte first = (byte) word;
    for (int at = 0; at <= length - Integer.BYTES; at += step) {
      if (bytes[at] == first && MemorySegment.ofArray(bytes).get(WORD, at) == word) {
        over = !hit.at(address + at);
        if (over) {
          return;
        }
      }
    }
  }
}
