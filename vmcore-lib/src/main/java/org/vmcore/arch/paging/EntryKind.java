package org.vmcore.arch.paging;

/** What an entry of a page table is. */
public enum EntryKind {
  /** It maps nothing. */
  NOT_MAPPED,
  /** It leads to the next table. */
  TABLE,
  /** It maps a page; the architectures' "large page" and "block" too. */
  PAGE,
  /** The architecture reserves its bits. */
  RESERVED,
  /** It can't be read: its table isn't in the dump. */
  MISSING
}
