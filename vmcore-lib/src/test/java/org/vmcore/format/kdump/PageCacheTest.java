package org.vmcore.format.kdump;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.testing.Reading;

class PageCacheTest {
  private static final long MOST_BYTES = 32 << 20;
  private static final byte[] PAGE = {1};

  private static int held(PageCache cache, int count) {
    int held = 0;
    for (int rank = 0; rank < count; rank++) {
      held += cache.get(rank) == null ? 0 : 1;
    }
    return held;
  }

  @Test
  void givesThePageThatWasPut() {
    PageCache cache = new PageCache(4096);
    byte[] other = {2};
    assertThat(cache.get(5)).isNull();
    cache.put(5, PAGE);
    cache.put(6, other);
    assertThat(cache.get(5)).isSameAs(PAGE);
    assertThat(cache.get(6)).isSameAs(other);
    assertThat(cache.get(4)).isNull();
    cache.put(5, other);
    assertThat(cache.get(5)).isSameAs(other);
  }

  @ParameterizedTest
  @ValueSource(longs = {4096, 16384, 65536, 1 << 20})
  void holdsNoMoreThanItMay(long blockSize) {
    PageCache cache = new PageCache(blockSize);
    int count = (int) (3 * MOST_BYTES / blockSize);
    for (int rank = 0; rank < count; rank++) {
      cache.put(rank, PAGE);
    }
    assertThat(held(cache, count) * blockSize).isBetween(4L << 20, Math.max(MOST_BYTES, 8 << 20));
  }

  @Test
  void whatWasPutLastIsThere() {
    PageCache cache = new PageCache(4096);
    for (int rank = 0; rank < 100_000; rank++) {
      cache.put(rank, PAGE);
      assertThat(cache.get(rank)).isSameAs(PAGE);
    }
    for (int rank = 100_000 - 256; rank < 100_000; rank++) {
      assertThat(cache.get(rank)).as("%s", rank).isNotNull();
    }
  }

  @Test
  void whatIsAskedForAgainAndAgainOutlivesARun() {
    PageCache cache = new PageCache(4096);
    cache.put(7, PAGE);
    for (int rank = 10_000; rank < 200_000; rank++) {
      assertThat(cache.get(7)).as("before %s", rank).isSameAs(PAGE);
      cache.put(rank, new byte[0]);
    }
  }

  @Test
  void threadsNeverGetAnothersPage() throws Exception {
    PageCache cache = new PageCache(1 << 20);
    byte[][] pages = new byte[300][];
    for (int rank = 0; rank < pages.length; rank++) {
      pages[rank] = new byte[] {(byte) rank};
    }
    Reading.inThreads(
        () -> {
          for (int i = 0; i < 100_000; i++) {
            int rank = (int) (i * Thread.currentThread().threadId() % pages.length);
            byte[] page = cache.get(rank);
            if (page == null) {
              cache.put(rank, pages[rank]);
            } else {
              assertThat(page).isSameAs(pages[rank]);
            }
          }
          return true;
        });
  }
}
