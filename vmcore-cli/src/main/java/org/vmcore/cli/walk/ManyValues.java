package org.vmcore.cli.walk;

import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.objects.ObjectVisitor;
import org.vmcore.kernel.objects.ObjectWalk;
import org.vmcore.kernel.objects.Value;
import org.vmcore.memory.VmcoreException;

/** Writes all values of a structure or array in one line: {@code {.next = 0x10, .prev = 0x20}}. */
final class ManyValues implements ObjectVisitor {
  private static final int MAX_LENGTH = 4096;

  private final StringBuilder text = new StringBuilder();
  private boolean isFirst = true;

  private ManyValues() {}

  static String text(KernelObject object) throws VmcoreException {
    ManyValues values = new ManyValues();
    ObjectWalk.over(object, values);
    return values.text.length() > MAX_LENGTH
        ? values.text.substring(0, MAX_LENGTH) + "..."
        : values.text.toString();
  }

  private void name(String name) {
    if (text.length() < MAX_LENGTH) {
      text.append(isFirst ? "" : ", ").append(name.startsWith(".") ? name + " = " : "");
    }
    isFirst = false;
  }

  @Override
  public void begin(String name, long count, KernelObject object) {
    name(name);
    add("{");
    isFirst = true;
  }

  @Override
  public void value(String name, long count, KernelObject object, Value value) {
    name(name);
    add(value.text());
    if (count > 1) {
      add(" × " + count);
    }
  }

  @Override
  public void end(long left) {
    add(left > 0 ? ", ...}" : "}");
    isFirst = false;
  }

  private void add(String more) {
    if (text.length() < MAX_LENGTH) {
      text.append(more);
    }
  }
}
