package org.vmcore.debuginfo.dwarf;

/** What is written for the addresses of code and data. */
@FunctionalInterface
interface Addresses {
  /**
   * What stands in the file for the kernel virtual address {@code virtual}.
   *
   * @param at where in {@code .debug_info} it stands, in bytes
   */
  long place(long virtual, int at);
}
