package org.vmcore.convert.filter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads struct pages in a row: each becomes a {@link PageClass}. */
final class StructPages {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** makedumpfile reads so many at once; the last of them is never taken for a head. */
  private static final int PIECE = 512;

  /** {@code _mapcount} below it is a page type: PAGE_MAPCOUNT_RESERVE. */
  private static final int LEAST_COUNT = -128;

  private static final int ANON = 1;
  private static final int TAIL = 1;

  /** Of the largest pages that there are: 1 GiB in pages of 4 KiB, 16 GiB in those of 64 KiB. */
  static final int LARGEST_ORDER = 18;

  private final PageLayout layout;
  private final PageType buddy;
  private final PageType slab;
  private final PageType offline;
  private final PageType hugetlb;
  private final PageType unaccepted;
  private final boolean isBigEndian;

  StructPages(PageLayout layout, boolean isBigEndian) {
    this.layout = layout;
    this.buddy = PageType.of(layout.types().buddy());
    this.slab = PageType.of(layout.types().slab());
    this.offline = PageType.of(layout.types().offline());
    this.hugetlb = PageType.of(layout.types().hugetlb());
    this.unaccepted = PageType.of(layout.types().unaccepted());
    this.isBigEndian = isBigEndian;
  }

  /** The size of one in bytes. */
  int size() {
    return layout.size();
  }

  /**
   * Classifies {@code count} struct pages, the first of them at the start of {@code bytes} and of
   * page frame {@code pfn}.
   */
  void classify(byte[] bytes, int count, long pfn, int[] classes) {
    int size = layout.size();
    for (int i = 0; i < count; i++) {
      int at = i * size;
      boolean mayBeHead = i + 1 < count && (pfn + i) % PIECE != PIECE - 1;
      classes[i] =
          (word(bytes, at + layout.head()) & TAIL) != 0
              ? 0
              : classify(bytes, at, pfn + i, mayBeHead);
    }
  }

  private int classify(byte[] bytes, int at, long pfn, boolean mayBeHead) {
    long flags = word(bytes, at + layout.flags());
    int mapcount = int32(bytes, at + layout.mapcount());
    boolean isTyped = mapcount < LEAST_COUNT;
    boolean isSlab = (flags & layout.slabMask()) != 0 || slab.is(mapcount);
    boolean isPlain = !isTyped && !isSlab;
    boolean isAnon = isPlain && (word(bytes, at + layout.mapping()) & ANON) != 0;
    int found = 0;
    if (isPlain && !isAnon && isCache(flags)) {
      found |= (flags & layout.privateMask()) != 0 ? PageClass.PRIVATE_CACHE : PageClass.CACHE;
    }
    boolean isHead = mayBeHead && (flags & layout.headMask()) != 0;
    if (isAnon || isHugetlb(bytes, at, mapcount, isHead)) {
      found |= PageClass.USER;
    }
    if ((flags & layout.poisonMask()) != 0) {
      found |= PageClass.HWPOISON;
    }
    if (isTyped && !isSlab) {
      found |= typed(bytes, at, mapcount, pfn);
    }
    return found != 0 && isHead
        ? found | PageClass.withCompoundOrder(order(bytes, at, pfn))
        : found;
  }

  /** Pages in the swap cache count as cache, unless they are anonymous, as most of them are. */
  private boolean isCache(long flags) {
    return (flags & layout.lruMask()) != 0 || (flags & layout.swapMask()) == layout.swapMask();
  }

  private int typed(byte[] bytes, int at, int mapcount, long pfn) {
    if (buddy.is(mapcount)) {
      return free(word(bytes, at + layout.priv()));
    }
    if (unaccepted.is(mapcount)) {
      long order = layout.freeOrders() - 1;
      return free((pfn & (1L << order) - 1) == 0 ? order : 0);
    }
    return offline.is(mapcount) ? PageClass.OFFLINE : 0;
  }

  private int free(long order) {
    return Long.compareUnsigned(order, layout.freeOrders()) < 0
        ? PageClass.FREE | PageClass.withFreeOrder((int) order)
        : PageClass.BROKEN_FREE;
  }

  private boolean isHugetlb(byte[] bytes, int at, int mapcount, boolean isHead) {
    if (hugetlb.is(mapcount)) {
      return true;
    }
    PageLayout.Compound compound = layout.compound();
    int second = at + layout.size();
    if (!isHead) {
      return false;
    }
    if (compound.hugetlbMask() != 0) {
      return (word(bytes, second + layout.flags()) & compound.hugetlbMask()) != 0;
    }
    return compound.dtor() >= 0
        && compound.hugetlbDtor().isPresent()
        && (bytes[second + compound.dtor()] & 0xff) == compound.hugetlbDtor().getAsLong();
  }

  /** The order of the compound page that begins here; 0 where that can't be. */
  private int order(byte[] bytes, int at, long pfn) {
    int order = bytes[at + layout.size() + layout.compound().order()] & 0xff;
    return order <= LARGEST_ORDER && (pfn & (1L << order) - 1) == 0 ? order : 0;
  }

  private long word(byte[] bytes, int at) {
    long value = (long) WORD.get(bytes, at);
    return isBigEndian ? Long.reverseBytes(value) : value;
  }

  private int int32(byte[] bytes, int at) {
    int value = (int) INT.get(bytes, at);
    return isBigEndian ? Integer.reverseBytes(value) : value;
  }
}
