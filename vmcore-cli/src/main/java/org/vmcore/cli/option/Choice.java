package org.vmcore.cli.option;

import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses an enum's value, written as its {@code toString} has it. */
record Choice<E extends Enum<E>>(List<E> values) implements ITypeConverter<E> {
  @Override
  public E convert(String value) {
    StringBuilder known = new StringBuilder();
    for (E each : values) {
      if (each.toString().equals(value)) {
        return each;
      }
      known.append(known.isEmpty() ? "" : ", ").append(each);
    }
    throw new TypeConversionException("'" + value + "' is none of " + known);
  }
}
