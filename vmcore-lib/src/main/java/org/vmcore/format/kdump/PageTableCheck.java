package org.vmcore.format.kdump;

import java.util.List;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/** Looks whether a file ends before its last page's descriptor or bytes. */
final class PageTableCheck {
  /** The check whether a file is whole. */
  static final String FILE_SIZE = "file_size";

  /** The most pages in a row that are taken for pages which share their bytes. */
  private static final int MOST_SHARED = 1 << 20;

  private final PageTable table;
  private final ByteSource file;

  private PageTableCheck(PageTable table) {
    this.table = table;
    this.file = table.file();
  }

  /**
   * Reports when the file of {@code table} ends too early.
   *
   * @param which the file is meant, in front of each message
   */
  static void report(PageTable table, String which, List<Finding> findings) throws VmcoreException {
    if (table.count() > 0) {
      new PageTableCheck(table).report(which, findings);
    }
  }

  private void report(String which, List<Finding> findings) throws VmcoreException {
    long last = table.end() - 1;
    if (!table.read(last, 1).has(last)) {
      long count = table.count();
      long has = Math.clamp((file.size() - table.offset()) / PageDescriptors.SIZE, 0, count);
      String what = which + "the file ends in its page descriptors: it has " + has + " of " + count;
      findings.add(Finding.error(FILE_SIZE, file.size(), what));
    } else if (isCut()) {
      findings.add(
          Finding.error(FILE_SIZE, file.size(), which + "the file ends too early: pages are lost"));
    }
  }

  /**
   * Whether the file ends before the bytes of its last pages. Pages in a row that share their
   * bytes, as zero pages do, don't show it.
   */
  private boolean isCut() throws VmcoreException {
    long shared = 0;
    long stop = Math.max(table.first(), table.end() - MOST_SHARED);
    for (long to = table.end(); to > stop; to -= PageDescriptors.GROUP) {
      long from = Math.max(table.first(), to - PageDescriptors.GROUP);
      PageDescriptors group = table.read(from, (int) (to - from));
      for (long rank = to - 1; rank >= from; rank--) {
        if (!group.has(rank)) {
          return true;
        }
        long offset = group.offset(rank);
        if (offset <= 0) {
          continue;
        }
        if (file.available(offset, group.size(rank)) < group.size(rank)) {
          return true;
        }
        if (shared != 0 && offset != shared) {
          return false;
        }
        shared = offset;
      }
    }
    return false;
  }
}
