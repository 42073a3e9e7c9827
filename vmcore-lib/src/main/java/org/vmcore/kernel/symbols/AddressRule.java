package org.vmcore.kernel.symbols;

/**
 * How kallsyms keeps addresses. Which one a kernel uses is told nowhere: it is found by trying.
 *
 * <p>Source: {@code kallsyms_sym_address} of kernel/kallsyms.c.
 */
enum AddressRule {
  /** Words of {@code kallsyms_addresses}: the addresses themselves. */
  ABSOLUTE,
  /**
   * CONFIG_KALLSYMS_ABSOLUTE_PERCPU: an offset of 0 or more is the value itself, a per-CPU
   * variable; a negative one counts down from {@code kallsyms_relative_base} − 1.
   */
  PERCPU_SIGNED,
  /** An unsigned offset from {@code kallsyms_relative_base}. */
  BASE_RELATIVE,
  /** Since 7.0: a signed offset from the place where it stands itself. */
  PLACE_RELATIVE;

  /** The size of an entry in bytes. */
  int entrySize(int wordSize) {
    return this == ABSOLUTE ? wordSize : Integer.BYTES;
  }

  /**
   * A symbol's address.
   *
   * @param entry as it stands in the table
   * @param base {@code kallsyms_relative_base}
   * @param place the entry's own address
   */
  long address(long entry, long base, long place) {
    int offset = (int) entry;
    return switch (this) {
      case ABSOLUTE -> entry;
      case PERCPU_SIGNED -> offset >= 0 ? offset : base - 1 - offset;
      case BASE_RELATIVE -> base + (offset & 0xffff_ffffL);
      case PLACE_RELATIVE -> place + offset;
    };
  }
}
