package org.vmcore.cli.convert;

import org.vmcore.cli.option.Numbers;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Parses a number from {@code least} to {@code most}.
 *
 * @param what what it is a number of, for errors: {@code dump level}
 */
record Count(String what, int least, int most) implements ITypeConverter<Integer> {
  @Override
  public Integer convert(String value) {
    long number = Numbers.parse(value);
    if (number < least || number > most) {
      throw new TypeConversionException(
          "'" + value + "' is no " + what + ": " + least + " to " + most);
    }
    return (int) number;
  }
}
