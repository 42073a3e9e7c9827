package org.vmcore.cli.output;

import java.util.List;
import org.vmcore.values.Printable;

/**
 * Aligned columns, one record a line. Widths are fixed before the first line: a column's own, by
 * the bound of its numbers, or by going through all records once; so a list of any length is
 * written as it comes.
 */
public final class Table extends Row {
  private static final int GAP = 2;

  private final TextOut out;
  private final List<Field> columns;
  private final int[] widths;

  /** All bits of a column's numbers together are as wide as its widest. */
  private final long[] bits;

  private final boolean[] isFixed;
  private final boolean[] isLeftOut;
  private boolean isMeasuring;
  private int owed;

  /** A table of records with {@code fields}. */
  public Table(TextOut out, Fields fields) {
    super(fields);
    this.out = out;
    this.columns = fields.columns();
    this.widths = new int[columns.size()];
    this.bits = new long[columns.size()];
    this.isFixed = new boolean[columns.size()];
    this.isLeftOut = new boolean[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = columns.get(i).title().length();
      if (columns.get(i).width() != Field.MEASURED) {
        fix(i, columns.get(i).width());
      }
    }
  }

  private void fix(int column, int width) {
    widths[column] = Math.max(widths[column], width);
    isFixed[column] = true;
  }

  /** Leaves out a column in which no record has anything. */
  public Table without(Field column) {
    int index = columns.indexOf(column);
    isLeftOut[index] = true;
    isFixed[index] = true;
    return this;
  }

  /** No text of the column is longer than {@code width}. */
  public Table wide(Field column, int width) {
    fix(columns.indexOf(column), width);
    return this;
  }

  /** No number of the column is above {@code most} (unsigned). */
  public Table upTo(Field column, long most) {
    fix(columns.indexOf(column), digits(column, most));
    return this;
  }

  private static int digits(Field column, long number) {
    return column.kind().isHexInText()
        ? 2 + TextOut.hexDigits(number)
        : TextOut.decimalDigits(number);
  }

  /** Whether a column's width isn't known: then all records are to be set once before the first. */
  public boolean measures() {
    isMeasuring = false;
    for (boolean fixed : isFixed) {
      isMeasuring |= !fixed;
    }
    return isMeasuring;
  }

  /** All records have been set once: the next one is written. */
  public void measured() {
    isMeasuring = false;
    for (int i = 0; i < widths.length; i++) {
      if (!isFixed[i] && columns.get(i).kind().isNumber()) {
        fix(i, digits(columns.get(i), bits[i]));
      }
    }
  }

  /** Writes the titles. */
  public void header() {
    for (int i = 0; i < widths.length; i++) {
      if (!isLeftOut[i]) {
        start(i, columns.get(i).title().length());
        out.text(columns.get(i).title());
        finish(i, columns.get(i).title().length());
      }
    }
    owed = 0;
    out.line();
  }

  @Override
  public boolean wants(Field field) {
    return !isMeasuring && columns.contains(field);
  }

  @Override
  void write() {
    if (isMeasuring) {
      measure();
      return;
    }
    for (int i = 0; i < widths.length; i++) {
      if (isLeftOut[i]) {
        continue;
      }
      if (isNumber(columns.get(i))) {
        number(i, number(columns.get(i)));
      } else {
        text(i, text(columns.get(i)));
      }
    }
    owed = 0;
    out.line();
  }

  /** A dash for what isn't known or doesn't apply. */
  private String text(Field column) {
    String text = isSet(column) ? (String) other(column) : "-";
    return text.isEmpty() && column.isDashed() ? "-" : text;
  }

  private void measure() {
    for (int i = 0; i < widths.length; i++) {
      Field column = columns.get(i);
      if (isNumber(column)) {
        bits[i] |= number(column);
      } else if (isSet(column) && !isFixed[i]) {
        String text = Printable.text((String) other(column));
        widths[i] = Math.max(widths[i], text.length());
      }
    }
  }

  private void number(int column, long value) {
    int length = digits(columns.get(column), value);
    start(column, length);
    if (columns.get(column).kind().isHexInText()) {
      out.hex(value);
    } else {
      out.decimal(value);
    }
    finish(column, length);
  }

  private void text(int column, String raw) {
    String text = Printable.text(raw); // as wide as it is shown
    start(column, text.length());
    out.text(text);
    finish(column, text.length());
  }

  private void start(int column, int length) {
    out.spaces(owed + (column == 0 ? 0 : GAP));
    out.spaces(columns.get(column).kind().isNumber() ? widths[column] - length : 0);
    owed = 0;
  }

  /** Spaces behind text are owed until more follows: no line ends with them. */
  private void finish(int column, int length) {
    owed = columns.get(column).kind().isNumber() ? 0 : Math.max(0, widths[column] - length);
  }
}
