package org.vmcore.cli.output;

import java.util.ArrayList;
import java.util.List;

/**
 * Aligned columns, one record a line. Widths are fixed beforehand, so that a list of any length is
 * written as it comes.
 */
public final class Table {
  private static final int GAP = 2;

  private final TextOut out;
  private final List<Column> columns = new ArrayList<>();
  private int next;
  private int owed;

  public Table(TextOut out) {
    this.out = out;
  }

  private record Column(String title, int width, boolean isRight) {}

  /** A column of text. */
  public Table left(String title, int width) {
    return add(title, width, false);
  }

  /** A column of addresses, offsets or sizes, none above {@code most} (unsigned). */
  public Table hex(String title, long most) {
    return add(title, 2 + TextOut.hexDigits(most), true);
  }

  /** A column of counts or indexes, none above {@code most}. */
  public Table decimal(String title, long most) {
    return add(title, TextOut.decimalDigits(most), true);
  }

  private Table add(String title, int width, boolean isRight) {
    columns.add(new Column(title, Math.max(width, title.length()), isRight));
    return this;
  }

  /** Writes the titles. */
  public void header() {
    for (Column column : columns) {
      text(column.title());
    }
  }

  public Table text(String text) {
    int length = text.length();
    start(length);
    out.text(text);
    return end(length);
  }

  public Table hex(long value) {
    int length = 2 + TextOut.hexDigits(value);
    start(length);
    out.hex(value);
    return end(length);
  }

  public Table decimal(long value) {
    int length = TextOut.decimalDigits(value);
    start(length);
    out.decimal(value);
    return end(length);
  }

  /** What isn't known or doesn't apply. */
  public Table none() {
    return text("-");
  }

  private void start(int length) {
    Column column = columns.get(next);
    out.spaces(owed + (next == 0 ? 0 : GAP));
    out.spaces(column.isRight() ? column.width() - length : 0);
    owed = 0;
  }

  /** Spaces behind text are owed until more follows: no line ends with them. */
  private Table end(int length) {
    Column column = columns.get(next);
    owed = column.isRight() ? 0 : Math.max(0, column.width() - length);
    next++;
    if (next == columns.size()) {
      out.line();
      next = 0;
      owed = 0;
    }
    return this;
  }
}
