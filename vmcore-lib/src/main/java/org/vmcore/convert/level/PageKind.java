package org.vmcore.convert.level;

/** Pages that a dump may do without, by the reason for it. A page has one, the first that holds. */
public enum PageKind {
  /** Free: in the buddy allocator's lists, or not yet accepted by a confidential guest. */
  FREE("free", 16),
  /** Of the page cache, with nothing private of a file system's. */
  CACHE("cache", 2 | 4),
  /** Of the page cache, with something private of a file system's. */
  PRIVATE_CACHE("private_cache", 4),
  /** A process's own memory, or huge pages that a process has. */
  USER("user", 8),
  /** Broken memory, which is never read. */
  HWPOISON("hwpoison", ~0),
  /** Memory that a balloon or another driver has taken away. */
  OFFLINE("offline", ~0),
  /** Nothing but zeros. */
  ZERO("zero", 1);

  private final String label;
  private final int levels;

  PageKind(String label, int levels) {
    this.label = label;
    this.levels = levels;
  }

  /** The kind's name in JSON and in tables: {@code private_cache}. */
  public String label() {
    return label;
  }

  /** Whether dump level {@code level} leaves such pages out. */
  boolean isExcludedBy(int level) {
    return levels == ~0 || (levels & level) != 0;
  }
}
