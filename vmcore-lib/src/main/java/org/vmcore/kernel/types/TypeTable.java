package org.vmcore.kernel.types;

import org.vmcore.memory.VmcoreException;

/** What types that refer to others have them from: a table in which each has a number. */
public interface TypeTable {
  /**
   * The type with this number.
   *
   * @throws VmcoreException when there is none, or the table is damaged there
   */
  Type type(int id) throws VmcoreException;

  /** The size of a pointer in bytes. */
  int pointerSize();

  /** The fault of the type with this number. */
  VmcoreException fault(int id, String reason);
}
