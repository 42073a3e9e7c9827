package org.vmcore.testing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Writes {@code __ksymtab}, {@code __ksymtab_gpl} and behind them the names into a {@link
 * KernelDump}, as the linker leaves them.
 */
public final class ExportBytes {
  /** How an entry is kept. */
  public enum Form {
    /** 32-bit numbers counted from where they stand, with a namespace. */
    RELATIVE(true, 3),
    /** The same before 5.4. */
    RELATIVE_OLD(true, 2),
    /** Words, with a namespace. */
    ABSOLUTE(false, 3),
    /** The same before 5.4. */
    ABSOLUTE_OLD(false, 2);

    private final boolean isRelative;
    private final int fields;

    Form(boolean isRelative, int fields) {
      this.isRelative = isRelative;
      this.fields = fields;
    }
  }

  private record Export(boolean isGpl, String name, long address) {}

  private final Form form;
  private final List<Export> exports = new ArrayList<>();

  /** Tables of this form. */
  public ExportBytes(Form form) {
    this.form = form;
  }

  /** A symbol of {@code __ksymtab}. */
  public ExportBytes add(String name, long address) {
    exports.add(new Export(false, name, address));
    return this;
  }

  /** A symbol of {@code __ksymtab_gpl}. */
  public ExportBytes gpl(String name, long address) {
    exports.add(new Export(true, name, address));
    return this;
  }

  /** {@code count} symbols of each table, 16 bytes each: {@code export_00}, {@code gpl_00} …. */
  public ExportBytes many(long address, int count) {
    for (int i = 0; i < count; i++) {
      add("export_%02d".formatted(i), address + 32L * i);
      gpl("gpl_%02d".formatted(i), address + 32L * i + 16);
    }
    return this;
  }

  /** Writes the tables at {@code table}, the names at {@code names}. */
  public KernelDump writeTo(KernelDump dump, long table, long names) {
    exports.sort(Comparator.comparing(Export::isGpl).thenComparing(Export::name));
    int field = form.isRelative ? 4 : dump.wordSize();
    long name = names;
    dump.u8(name++, 0);
    long at = table;
    for (Export each : exports) {
      long[] fields = {each.address, name, names};
      for (int i = 0; i < form.fields; i++) {
        long place = at + (long) field * i;
        if (form.isRelative) {
          dump.u32(place, fields[i] - place);
        } else {
          dump.word(place, fields[i]);
        }
      }
      dump.text(name, each.name);
      name += each.name.length() + 1;
      at += (long) field * form.fields;
    }
    return dump;
  }
}
