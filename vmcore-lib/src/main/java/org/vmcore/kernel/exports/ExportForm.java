package org.vmcore.kernel.exports;

/**
 * How an exported symbol stands in {@code __ksymtab}: its address, that of its name and, since 5.4,
 * that of its namespace's.
 *
 * <p>Source: struct kernel_symbol of include/linux/export.h and kernel/module/internal.h.
 *
 * @param isRelative whether each is a number of 32 bits, counted from where it stands itself
 *     (CONFIG_HAVE_ARCH_PREL32_RELOCATIONS), or a word
 * @param size of an entry in bytes
 */
record ExportForm(boolean isRelative, int size) {
  /** All that there are. */
  static ExportForm[] all(int wordSize) {
    return new ExportForm[] {
      new ExportForm(true, 12),
      new ExportForm(true, 8),
      new ExportForm(false, 3 * wordSize),
      new ExportForm(false, 2 * wordSize)
    };
  }

  private int fieldSize(ExportBytes in) {
    return isRelative ? Integer.BYTES : in.wordSize();
  }

  private long field(ExportBytes in, int at) {
    return isRelative ? in.truncated(in.address(at) + in.int32(at)) : in.word(at);
  }

  /** The symbol's address. */
  long address(ExportBytes in, int entry) {
    return field(in, entry);
  }

  /** Where the symbol's name is; −1: nowhere. */
  int name(ExportBytes in, int entry) {
    return in.at(field(in, entry + fieldSize(in)));
  }

  /** The first entry from {@code from} on whose name is at {@code name}; −1: there is none. */
  int find(ExportBytes in, int from, int name) {
    int field = fieldSize(in);
    int aligned = from + (int) (-in.address(from) & (field - 1));
    for (int at = aligned; at + size <= in.size(); at += field) {
      if (name(in, at) == name) {
        return at;
      }
    }
    return -1;
  }
}
