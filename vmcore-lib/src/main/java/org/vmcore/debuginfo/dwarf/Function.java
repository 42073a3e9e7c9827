package org.vmcore.debuginfo.dwarf;

/**
 * A function of which the address is known.
 *
 * @param id of the function in the table of types
 * @param prototype the id of its prototype there
 * @param address kernel virtual
 * @param size of its code in bytes, without the padding behind it
 * @param isExternal whether other files can call it
 */
record Function(int id, int prototype, long address, long size, boolean isExternal) {}
