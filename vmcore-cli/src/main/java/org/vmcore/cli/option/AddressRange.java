package org.vmcore.cli.option;

import org.vmcore.headers.PhysicalRange;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Addresses in a row: {@code FROM-TO}, both included, or {@code FROM+SIZE}.
 *
 * @param start the first one
 * @param size how many, less than 2^63
 */
public record AddressRange(long start, long size) {
  /** The address of the last byte. */
  public long last() {
    return start + size - 1;
  }

  /** The same, of physical memory. */
  public PhysicalRange physical() {
    return new PhysicalRange(start, last());
  }

  /** {@code 0xFROM-0xTO}. */
  @Override
  public String toString() {
    return "0x" + Long.toHexString(start) + "-0x" + Long.toHexString(last());
  }

  public static AddressRange parse(String text) {
    int plus = text.indexOf('+');
    int dash = text.indexOf('-');
    if (plus < 0 && dash < 0) {
      throw new TypeConversionException("'" + text + "' is no range: FROM-TO or FROM+SIZE");
    }
    int sign = plus < 0 ? dash : plus;
    long start = Numbers.parse(text.substring(0, sign));
    long right = Numbers.parse(text.substring(sign + 1));
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
    return new AddressRange(start, size);
  }

  /** Parses a range out of an option. */
  public static final class Converter implements ITypeConverter<AddressRange> {
    @Override
    public AddressRange convert(String value) {
      return parse(value);
    }
  }
}
