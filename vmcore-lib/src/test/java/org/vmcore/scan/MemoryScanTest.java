package org.vmcore.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.Search;

class MemoryScanTest {
  private static final int WORD = 0x11223344;
  private static final byte[] BYTES = {0x44, 0x33, 0x22, 0x11};
  private static final long EIB = 1L << 60;

  private final Sparse memory = new Sparse(Long.MAX_VALUE);
  private final List<Long> hits = new ArrayList<>();

  /** Zeros but for {@link #BYTES} at some addresses; all else is a hole of the file. */
  private static final class Sparse implements Memory {
    private final long size;
    private final List<Long> words = new ArrayList<>();
    private boolean isDense;
    private long read;

    Sparse(long size) {
      this.size = size;
    }

    @Override
    public long read(long address, MemorySegment dst) {
      long n = Math.clamp(size - address, 0, dst.byteSize());
      dst.asSlice(0, n).fill((byte) 0);
      for (long at : words) {
        for (int i = 0; i < BYTES.length; i++) {
          if (at + i >= address && at + i < address + n) {
            dst.asSlice(at + i - address, 1).copyFrom(MemorySegment.ofArray(BYTES).asSlice(i, 1));
          }
        }
      }
      read += n;
      return n;
    }

    @Override
    public Extent extentAt(long address) {
      return address >= 0 && address < size
          ? new Extent(0, size, PageState.PRESENT)
          : new Extent(size, -size, PageState.NOT_RAM);
    }

    @Override
    public long blank(long address, long most) {
      if (isDense || address < 0) {
        return 0;
      }
      long next = size;
      for (long at : words) {
        next = address < at + BYTES.length ? Math.min(next, Math.max(at, address)) : next;
      }
      return most < 0 ? next - address : Math.min(next - address, most);
    }
  }

  private SearchBudget scan(long limit) throws VmcoreException {
    Search search = new Search(limit, new Search.Listener() {});
    SearchBudget budget = SearchBudget.of(search, "it", memory.size);
    WordScan.words(memory, "memory", budget, WORD, hits::add);
    return budget;
  }

  @Test
  void holesArePassedOverAndWhatLiesBehindThemIsFound() throws VmcoreException {
    memory.words.addAll(List.of(0x1000L, 3 * EIB + 8, Long.MAX_VALUE - 7));

    SearchBudget budget = scan(Search.LIMIT);

    assertThat(hits).containsExactly(0x1000L, 3 * EIB + 8, Long.MAX_VALUE - 7);
    assertThat(budget.unsearched()).isEmpty();
    assertThat(memory.read).isLessThan(16 << 20);
  }

  @Test
  void whatBeginsInAHoleIsFound() throws VmcoreException {
    List<Long> seen = new ArrayList<>();
    memory.words.add(EIB + 5);
    SearchBudget budget = SearchBudget.of(Search.DEFAULT, "it", memory.size);

    new MemoryScan(memory, budget, 4, 16)
        .over(
            new AddressRange(0, 0),
            new MemoryScan.Look() {
              @Override
              public void at(byte[] bytes, int length, long address) {
                for (int at = 0; at <= length - 16; at += 4) {
                  seen.add(address + at);
                }
              }

              @Override
              public boolean isOver() {
                return !seen.isEmpty();
              }
            });

    assertThat(seen).first().isEqualTo(EIB - 8);
    assertThat(seen).contains(EIB - 4, EIB, EIB + 4, EIB + 8);
  }

  @Test
  void theLimitEndsTheScanAndTellsWhere() throws VmcoreException {
    memory.isDense = true;
    memory.words.addAll(List.of(0x1000L, 5L << 20));

    SearchBudget budget = scan(4 << 20);

    assertThat(hits).containsExactly(0x1000L);
    assertThat(budget.unsearched())
        .hasValue("not searched from 0x400000 on: the limit is 4194304 bytes (--search-limit)");
    assertThat(memory.read).isLessThanOrEqualTo(5 << 20);
  }

  @Test
  void nothingIsSearchedWithoutABudget() throws VmcoreException {
    assertThat(scan(0).unsearched())
        .hasValue("not searched from 0x0 on: the limit is 0 bytes (--search-limit)");
    assertThat(memory.read).isZero();
  }

  @Test
  void itsProgressIsToldToTheEnd() throws VmcoreException {
    List<String> told = new ArrayList<>();
    Search.Listener listener =
        new Search.Listener() {
          @Override
          public void progress(String what, long done, long total) {
            told.add(what + " " + done + " of " + total);
          }

          @Override
          public void over() {
            told.add("over");
          }
        };
    Sparse small = new Sparse(3 << 20);
    small.isDense = true;
    try (SearchBudget budget = SearchBudget.of(new Search(1 << 30, listener), "it", small.size)) {
      WordScan.words(small, "memory", budget, WORD, hits::add);
    }

    assertThat(told).startsWith("it 262144 of 3145728").endsWith("over");
    assertThat(told).contains("it 3145728 of 3145728");
  }
}
