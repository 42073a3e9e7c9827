package org.vmcore.cli.kernel;

import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Levels of the kernel's log, as dmesg takes them: {@code err,warn}; {@code warn+} is that and more
 * severe ones, {@code +warn} that and less severe ones.
 *
 * @param mask bit n stands for level n
 */
record Levels(int mask) {
  public static final Levels ALL = new Levels(0xff);

  /** By number. */
  static final List<String> NAMES =
      List.of("emerg", "alert", "crit", "err", "warn", "notice", "info", "debug");

  /**
   * Whether it is every level. A record's own equals would be made at run time, of method handles.
   */
  boolean areAll() {
    return mask == ALL.mask;
  }

  public boolean contains(int level) {
    return (mask >> level & 1) != 0;
  }

  /** Parses levels out of an option. */
  static final class Converter implements ITypeConverter<Levels> {
    @Override
    public Levels convert(String value) {
      int mask = 0;
      for (int from = 0; from <= value.length(); ) {
        int comma = value.indexOf(',', from);
        int end = comma < 0 ? value.length() : comma;
        mask |= one(value.substring(from, end));
        from = end + 1;
      }
      return new Levels(mask);
    }

    private static int one(String text) {
      boolean lower = text.startsWith("+");
      boolean higher = !lower && text.endsWith("+");
      String name = text.substring(lower ? 1 : 0, text.length() - (higher ? 1 : 0));
      for (int level = 0; level < NAMES.size(); level++) {
        if (name.equals(NAMES.get(level)) || name.equals(Integer.toString(level))) {
          int upTo = (2 << level) - 1;
          return higher ? upTo : lower ? 0xff & ~(upTo >> 1) : 1 << level;
        }
      }
      throw new TypeConversionException(
          "'"
              + text
              + "' is no level: emerg, alert, crit, err, warn, notice, info, debug or 0 to 7");
    }
  }
}
