package org.vmcore.cli.option;

import org.vmcore.memory.AddressRange;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses addresses in a row: {@code FROM-TO}, both included, or {@code FROM+SIZE}. */
public final class RangeConverter implements ITypeConverter<AddressRange> {
  @Override
  public AddressRange convert(String value) {
    return parse(value);
  }

  /** Parses {@code text}. */
  public static AddressRange parse(String text) {
    int plus = text.indexOf('+');
    int dash = text.indexOf('-');
    if (plus < 0 && dash < 0) {
      throw new TypeConversionException("'" + text + "' is no range: FROM-TO or FROM+SIZE");
    }
    int sign = plus < 0 ? dash : plus;
    long start = Numbers.address(text.substring(0, sign));
    long right = Numbers.address(text.substring(sign + 1));
    return plus < 0 ? of(text, start, right - start + 1, right) : of(text, start, right);
  }

  private static AddressRange of(String text, long start, long size, long last) {
    if (Long.compareUnsigned(last, start) < 0) {
      throw new TypeConversionException("'" + text + "' ends before it begins");
    }
    return of(text, start, size == 0 ? Long.MIN_VALUE : size);
  }

  private static AddressRange of(String text, long start, long size) {
    if (size == 0) {
      throw new TypeConversionException("'" + text + "' is empty");
    }
    if (size < 0) {
      throw new TypeConversionException("'" + text + "' is more than 2^63 bytes");
    }
    if (start != 0 && Long.compareUnsigned(start + size - 1, start) < 0) {
      throw new TypeConversionException("'" + text + "' reaches past 2^64");
    }
    return AddressRange.ofSize(start, size);
  }
}
