package org.vmcore.format.kdump;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.testing.Reading;

class PageCacheTest {
  private static final int BLOCK = 64;
  private static final long MOST_BYTES = 4 << 20;

  /** A page all bytes of which are {@code value}. */
  private static byte[] page(int size, int value) {
    byte[] page = new byte[size];
    Arrays.fill(page, (byte) value);
    return page;
  }

  /** Page {@code rank}; null when it isn't there. */
  private static byte @Nullable [] get(PageCache cache, int size, long rank) {
    byte[] got = new byte[size];
    return cache.copy(rank, 0, MemorySegment.ofArray(got), 0, size) ? got : null;
  }

  @Test
  void givesThePageThatWasPut() {
    PageCache cache = new PageCache(BLOCK);
    assertThat(cache.has(5)).isFalse();
    assertThat(get(cache, BLOCK, 5)).isNull();
    cache.put(5, page(BLOCK, 1), 0);
    cache.put(6, page(2 * BLOCK, 2), BLOCK);
    assertThat(cache.has(5)).isTrue();
    assertThat(get(cache, BLOCK, 5)).isEqualTo(page(BLOCK, 1));
    assertThat(get(cache, BLOCK, 6)).isEqualTo(page(BLOCK, 2));
    assertThat(get(cache, BLOCK, 4)).isNull();
    cache.put(5, page(BLOCK, 2), 0);
    assertThat(get(cache, BLOCK, 5)).isEqualTo(page(BLOCK, 2));
  }

  @Test
  void copiesAPieceOfIt() {
    PageCache cache = new PageCache(BLOCK);
    byte[] page = new byte[BLOCK];
    page[10] = 1;
    page[11] = 2;
    cache.put(0, page, 0);
    byte[] got = new byte[4];
    assertThat(cache.copy(0, 10, MemorySegment.ofArray(got), 1, 2)).isTrue();
    assertThat(got).containsExactly(0, 1, 2, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 16384, 65536, 1 << 20})
  void holdsNoMoreThanItMay(int blockSize) {
    PageCache cache = new PageCache(blockSize);
    int count = (int) (3 * MOST_BYTES / blockSize);
    long held = 0;
    for (int rank = 0; rank < count; rank++) {
      cache.put(rank, new byte[blockSize], 0);
    }
    for (int rank = 0; rank < count; rank++) {
      held += cache.has(rank) ? blockSize : 0;
    }
    assertThat(held).isBetween(1L << 20, Math.max(MOST_BYTES, 8 << 20));
  }

  @Test
  void aRankThatNoStampHoldsIsNotKept() {
    PageCache cache = new PageCache(BLOCK);
    long rank = 1L << 40;
    cache.put(rank, page(BLOCK, 1), 0);
    assertThat(cache.has(rank)).isFalse();
    assertThat(cache.has(0)).isFalse();
  }

  @Test
  void whatWasPutLastIsThere() {
    PageCache cache = new PageCache(4096);
    byte[] page = new byte[4096];
    for (int rank = 0; rank < 100_000; rank++) {
      cache.put(rank, page, 0);
      assertThat(cache.has(rank)).isTrue();
    }
    for (int rank = 100_000 - 128; rank < 100_000; rank++) {
      assertThat(cache.has(rank)).as("%s", rank).isTrue();
    }
  }

  @Test
  void whatIsAskedForAgainAndAgainOutlivesARun() {
    PageCache cache = new PageCache(4096);
    byte[] page = new byte[4096];
    cache.put(7, page, 0);
    for (int rank = 10_000; rank < 200_000; rank++) {
      assertThat(cache.has(7)).as("before %s", rank).isTrue();
      cache.put(rank, page, 0);
    }
  }

  @Test
  void threadsNeverGetAnothersPage() throws Exception {
    int size = 1 << 20; // of which there are but eight slots
    PageCache cache = new PageCache(size);
    Reading.inThreads(
        () -> {
          byte[] page = new byte[size];
          byte[] got = new byte[size];
          for (int i = 0; i < 2_000; i++) {
            int rank = (int) (i * Thread.currentThread().threadId() % 50);
            if (cache.copy(rank, 0, MemorySegment.ofArray(got), 0, size)) {
              assertThat(got[0]).isEqualTo((byte) rank);
              assertThat(Arrays.mismatch(got, 1, size, got, 0, size - 1)).isEqualTo(-1);
            } else {
              Arrays.fill(page, (byte) rank);
              cache.put(rank, page, 0);
            }
          }
          return true;
        });
  }
}
