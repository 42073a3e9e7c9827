package org.vmcore.cli.command;

import org.vmcore.Vmcore;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Row;
import org.vmcore.memory.VmcoreException;

/** What a command tells of each of several dumps, in one row of a table. */
public interface Summary {
  /** The table's columns. */
  Fields columns();

  /** The column of the file's name. */
  Field file();

  /** The last column: what keeps a dump from being looked at stands there, too. */
  Field remark();

  /** Looks at an open dump, and says by {@code ending} what couldn't be had. */
  Facts of(Vmcore vmcore, Ending ending) throws VmcoreException;

  /** What is known of a dump. */
  @FunctionalInterface
  interface Facts {
    /** Sets all fields but the file's name. */
    void set(Row row);
  }
}
