package org.vmcore.cli.type;

import java.util.ArrayDeque;
import java.util.Deque;
import org.vmcore.cli.output.Row;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.objects.ObjectVisitor;
import org.vmcore.kernel.objects.Value;
import org.vmcore.kernel.types.Type;
import org.vmcore.memory.VmcoreException;

/** Writes the values of an object as records, each with its path. */
final class ValueRows implements ObjectVisitor {
  private final Row row;
  private final KernelObject object;
  private final Losses losses;
  private final Deque<String> paths = new ArrayDeque<>();

  ValueRows(Row row, KernelObject object, Losses losses) {
    this.row = row;
    this.object = object;
    this.losses = losses;
  }

  @Override
  public void begin(String name, long count, KernelObject inner) {
    paths.push(path(name));
  }

  private String path(String name) {
    String outer = paths.isEmpty() ? "" : paths.peek();
    return outer.isEmpty() && name.startsWith(".") ? name.substring(1) : outer + name;
  }

  @Override
  public void end(long left) {
    paths.pop();
  }

  @Override
  public void value(String name, long count, KernelObject inner, Value value) {
    losses.see(value);
    long offset = inner.address() - object.address();
    row.set(TypeFields.NAME, path(name)).set(TypeFields.TYPE, name(inner.type()));
    row.set(TypeFields.OFFSET, offset);
    if (inner.bits().bitfieldSize() != 0) {
      row.set(TypeFields.BIT_OFFSET, inner.bits().bitOffset());
      row.set(TypeFields.BIT_SIZE, inner.bits().bitfieldSize());
    } else {
      size(inner.type());
    }
    if (count > 1) {
      row.set(TypeFields.COUNT, count);
    }
    value(value);
    row.end();
  }

  private void value(Value value) {
    if (value.missing().isPresent()) {
      row.set(TypeFields.MISSING, value.missing().get());
      return;
    }
    row.set(TypeFields.VALUE, value.text());
    if (value.symbol().isPresent()) {
      row.set(TypeFields.SYMBOL, value.symbol().get());
    }
    if (value.target().isPresent()) {
      row.set(TypeFields.TEXT, value.target().get());
    }
  }

  private static String name(Type type) {
    try {
      return type.name();
    } catch (VmcoreException _) {
      return "?";
    }
  }

  private void size(Type type) {
    try {
      row.set(TypeFields.SIZE, type.size());
    } catch (VmcoreException _) {
      // said in the value
    }
  }
}
