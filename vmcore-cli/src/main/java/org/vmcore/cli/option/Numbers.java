package org.vmcore.cli.option;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Numbers as they are written on the command line: unsigned, of 64 bits. */
public final class Numbers {
  private static final int BARE = 16; // digits

  private Numbers() {}

  /** Parses {@code 4096}, {@code 0x1000}, {@code 4KiB} or {@code 4K}. */
  public static long parse(String text) {
    int end = unit(text);
    int shift = end == text.length() ? 0 : shift(text.charAt(end));
    long number = digits(text, text.substring(0, end));
    if ((number << shift) >>> shift != number) {
      throw tooLarge(text);
    }
    return number << shift;
  }

  /** Parses an address: a number, or as oopses print it {@code ffffffff81000000}. */
  public static long address(String text) {
    return parse(isBare(text) ? "0x" + text : text);
  }

  /** Whether an address is meant rather than a name. */
  public static boolean isAddress(String text) {
    return !text.isEmpty() && (Character.digit(text.charAt(0), 10) >= 0 || isBare(text));
  }

  /** Whether it is an address of the kernel's half with all its digits, and no 0x. */
  private static boolean isBare(String text) {
    boolean isBare = text.length() == BARE && text.startsWith("f");
    for (int i = 0; isBare && i < BARE; i++) {
      isBare = text.charAt(i) <= 'f' && Character.digit(text.charAt(i), 16) >= 0;
    }
    return isBare;
  }

  /** Where the unit begins; the text's length when there is none. */
  private static int unit(String text) {
    int length = text.length();
    int letter = text.endsWith("iB") ? length - 3 : length - 1;
    return letter > 0 && shift(text.charAt(letter)) > 0 ? letter : length;
  }

  private static int shift(char unit) {
    return switch (unit) {
      case 'K' -> 10;
      case 'M' -> 20;
      case 'G' -> 30;
      case 'T' -> 40;
      default -> 0;
    };
  }

  private static long digits(String text, String number) {
    boolean hex = number.startsWith("0x") || number.startsWith("0X");
    String digits = hex ? number.substring(2) : number;
    int radix = hex ? 16 : 10;
    if (digits.isEmpty()) {
      throw nonsense(text);
    }
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c > 'f' || Character.digit(c, radix) < 0) {
        throw nonsense(text);
      }
    }
    try {
      return Long.parseUnsignedLong(digits, radix);
    } catch (NumberFormatException e) {
      throw tooLarge(text);
    }
  }

  private static TypeConversionException nonsense(String text) {
    return new TypeConversionException("'" + text + "' is not a number like 4096, 0x1000 or 4KiB");
  }

  private static TypeConversionException tooLarge(String text) {
    return new TypeConversionException("'" + text + "' is more than 64 bits hold");
  }

  /** An address or an offset. */
  public static final class Address implements ITypeConverter<Long> {
    @Override
    public Long convert(String value) {
      return address(value);
    }
  }

  /** A number of bytes that isn't 0. */
  public static final class Size implements ITypeConverter<Long> {
    @Override
    public Long convert(String value) {
      long size = parse(value);
      if (size <= 0) {
        throw new TypeConversionException(
            size == 0 ? "0 bytes are nothing to do" : "'" + value + "' is more than 2^63 bytes");
      }
      return size;
    }
  }

  /** A limit in bytes, or {@code none}. */
  public static final class Limit implements ITypeConverter<Long> {
    @Override
    public Long convert(String value) {
      long limit = value.equals("none") ? Long.MAX_VALUE : parse(value);
      if (limit < 0) {
        throw new TypeConversionException("'" + value + "' is more than 2^63 bytes");
      }
      return limit;
    }
  }

  /** The value of one byte. */
  public static final class ByteValue implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      long number = parse(value);
      if (number < 0 || number > 0xff) {
        throw new TypeConversionException("'" + value + "' is no byte: 0 to 0xff");
      }
      return (int) number;
    }
  }

  /** The index of a record. */
  public static final class Index implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      long number = parse(value);
      if (number < 0 || number > Integer.MAX_VALUE) {
        throw new TypeConversionException("'" + value + "' is no index");
      }
      return (int) number;
    }
  }
}
