package org.vmcore.cli.command;

import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Row;
import org.vmcore.cli.output.Table;
import org.vmcore.cli.output.TextOut;
import org.vmcore.memory.VmcoreException;

/** A report that is a list of records: the same ones as a table and as a JSON array. */
public interface Listing extends Report {
  /** The array; its members are the table's columns. */
  Field list();

  /** Sets the fields of each record. */
  void records(Row row) throws VmcoreException;

  /** The fields of the document in front of the list. */
  default void head(Json json) {}

  /** Tells {@code table} bounds that are known without going through the records. */
  default void bounds(Table table) {}

  @Override
  default void json(Json json) throws VmcoreException {
    head(json);
    records(json.rows(list()));
    json.finish();
  }

  @Override
  default void text(TextOut out, OutputOptions output) throws VmcoreException {
    Table table = new Table(out, list().members());
    bounds(table);
    if (table.measures()) {
      records(table);
      table.measured();
    }
    records(output.begin(table));
  }
}
