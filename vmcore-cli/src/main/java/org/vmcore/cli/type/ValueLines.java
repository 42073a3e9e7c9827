package org.vmcore.cli.type;

import org.vmcore.cli.output.TextOut;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.objects.ObjectVisitor;
import org.vmcore.kernel.objects.Value;
import org.vmcore.kernel.types.ArrayType;
import org.vmcore.kernel.types.IntType;
import org.vmcore.kernel.types.StructType;
import org.vmcore.kernel.types.Type;
import org.vmcore.memory.VmcoreException;

/** Writes values as C initialises them. */
final class ValueLines implements ObjectVisitor {
  private static final int WIDTH = 100;

  private final TextOut out;
  private final Losses losses;
  private int depth;

  /** Within an array of values that have no members: they share lines. */
  private boolean isInline;

  private int column;

  ValueLines(TextOut out, Losses losses) {
    this.out = out;
    this.losses = losses;
  }

  @Override
  public void begin(String name, long count, KernelObject object) {
    start(name, count);
    out.put('{');
    isInline = isList(object);
    if (isInline) {
      column = 0;
    } else {
      out.line();
    }
    depth++;
  }

  /** Whether it is an array whose elements have no members. */
  private static boolean isList(KernelObject object) {
    try {
      if (!(object.type().plain() instanceof ArrayType array)) {
        return false;
      }
      Type element = array.element().plain();
      return !(element instanceof StructType) && !isRows(element);
    } catch (VmcoreException _) {
      return false;
    }
  }

  private static boolean isRows(Type element) throws VmcoreException {
    return element instanceof ArrayType inner
        && !(inner.element().plain() instanceof IntType number && number.isText());
  }

  private void start(String name, long count) {
    tabs();
    if (!name.isEmpty()) {
      out.text(count > 1 ? run(name, count) : name).text(" = ");
    }
  }

  private void tabs() {
    for (int i = 0; i < depth; i++) {
      out.put('\t');
    }
  }

  /** {@code [3 ... 7]}, as the compiler takes it. */
  private static String run(String name, long count) {
    long first = Long.parseLong(name.substring(1, name.length() - 1));
    return "[" + first + " ... " + (first + count - 1) + "]";
  }

  @Override
  public void value(String name, long count, KernelObject object, Value value) {
    losses.see(value);
    String text = text(value);
    if (isInline) {
      inline(count > 1 ? run(name, count) + " = " + text : text);
    } else {
      start(name, count);
      out.text(text);
      end(value);
    }
  }

  private static String text(Value value) {
    String symbol = value.symbol().isPresent() ? " (" + value.symbol().get() + ")" : "";
    return value.text() + symbol + (value.target().isPresent() ? " " + value.target().get() : "");
  }

  private void end(Value value) {
    if (depth > 0) {
      out.put(',');
    }
    if (value.missing().isPresent()) {
      out.text(" /* ").text(value.missing().get()).text(" */");
    }
    out.line();
  }

  private void inline(String text) {
    if (column == 0 || column + text.length() > WIDTH) {
      out.put(column == 0 ? ' ' : ',');
      if (column != 0) {
        out.line();
        tabs();
      }
      column = 1;
    } else {
      out.text(", ");
    }
    out.text(text);
    column += text.length() + 2;
  }

  @Override
  public void end(long left) {
    depth--;
    if (isInline) {
      out.text(column == 0 ? "" : " ");
    } else {
      tabs();
    }
    out.put('}').text(depth > 0 ? "," : "");
    if (left > 0) {
      out.text(" /* ").decimal(left).text(" more */");
    }
    out.line();
    isInline = false;
  }
}
