package org.vmcore.cli.find;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.cli.option.Numbers;
import org.vmcore.cli.option.RangeConverter;
import org.vmcore.cli.option.SymbolPlace;
import org.vmcore.cli.option.UsageException;
import org.vmcore.find.Needle;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.kernel.symbols.Symbols;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Printable;
import picocli.CommandLine.TypeConversionException;

/**
 * Something that is sought.
 *
 * @param kind by which option it was given
 * @param text as it was given
 */
record Sought(Kind kind, String text, Needle needle) {
  /** Options. */
  enum Kind {
    BYTES,
    STRING,
    POINTER
  }

  /** The most bytes behind a symbol that belong to it, where no other one follows. */
  private static final long MOST = 1 << 24;

  private static final long LOW = 0xffff_ffffL;

  /** Digits in pairs, each pair a byte; a question mark is any digit. */
  static Sought bytes(String text) {
    String digits = text.replaceAll("[ :]|^0x", "");
    if (digits.isEmpty() || digits.length() % 2 != 0 || digits.length() / 2 > Needle.MOST) {
      throw wrong("'" + text + "' isn't whole bytes: two digits each, 4096 of them at the most");
    }
    byte[] bytes = new byte[digits.length() / 2];
    byte[] mask = new byte[bytes.length];
    for (int i = 0; i < digits.length(); i++) {
      int shift = i % 2 == 0 ? 4 : 0;
      char c = digits.charAt(i);
      int digit = c > 'f' ? -1 : Character.digit(c, 16); // others have digits of their own
      if (digit < 0 && digits.charAt(i) != '?') {
        throw wrong("'" + text + "' has more than hexadecimal digits, and ? for any");
      }
      bytes[i / 2] |= (byte) (Math.max(digit, 0) << shift);
      mask[i / 2] |= (byte) (digit < 0 ? 0 : 0xf << shift);
    }
    try {
      return new Sought(Kind.BYTES, text, Needle.masked(bytes, mask));
    } catch (IllegalArgumentException e) {
      throw wrong("'" + text + "' is anything");
    }
  }

  private static TypeConversionException wrong(String why) {
    return new TypeConversionException(why);
  }

  /** Text as UTF-8. */
  static Sought string(String text, boolean ignoreCase) {
    try {
      return new Sought(Kind.STRING, text, Needle.text(text, ignoreCase));
    } catch (IllegalArgumentException e) {
      String why = text.isEmpty() ? "is empty" : "is longer than " + Needle.MOST + " bytes";
      throw new UsageException("Invalid value for option '--string': it " + why);
    }
  }

  /**
   * Pointers to {@code text}, which is an address, a range of them, or a symbol.
   *
   * @param isWithin whether also those into the symbol
   */
  static Sought pointer(String text, boolean isWithin, Vmcore vmcore, Kernel kernel)
      throws VmcoreException {
    AddressRange range = range(text, isWithin, vmcore, kernel);
    int size = vmcore.bits() / Byte.SIZE;
    boolean isShort = size == Integer.BYTES;
    long first = isShort ? range.start() & LOW : range.start();
    long last = isShort ? range.last() & LOW : range.last();
    if (Long.compareUnsigned(last, first) < 0) {
      throw new UsageException("--pointer-to " + text + " is no range of 32-bit addresses");
    }
    return new Sought(Kind.POINTER, text, Needle.words(first, last, size, kernel.order()));
  }

  private static AddressRange range(String text, boolean isWithin, Vmcore vmcore, Kernel kernel)
      throws VmcoreException {
    if (isNumber(text)) {
      return given(text, isWithin);
    }
    SymbolPlace place = SymbolPlace.parse("option '--pointer-to'", text);
    long address = place.address(kernel, vmcore);
    if (!isWithin) {
      return AddressRange.ofSize(address, 1);
    }
    return AddressRange.ofSize(address, size(kernel.symbols(), address));
  }

  private static boolean isNumber(String text) {
    int sign = Math.max(text.indexOf('+'), text.indexOf('-'));
    return Numbers.isAddress(sign < 0 ? text : text.substring(0, sign));
  }

  private static AddressRange given(String text, boolean isWithin) {
    if (isWithin) {
      throw new UsageException("--within has no effect with an address: give a range, FROM+SIZE");
    }
    try {
      boolean isRange = text.indexOf('+') >= 0 || text.indexOf('-') >= 0;
      return isRange ? RangeConverter.parse(text) : AddressRange.ofSize(Numbers.address(text), 1);
    } catch (TypeConversionException e) {
      throw new UsageException("Invalid value for option '--pointer-to': " + e.getMessage());
    }
  }

  /** Refuses what can't be before a dump is opened. */
  static void check(String text, boolean isWithin) {
    if (isNumber(text)) {
      given(text, isWithin);
    }
  }

  /** The bytes from {@code address} on, in a symbol, up to the next symbol. */
  private static long size(Symbols symbols, long address) throws VmcoreException {
    Symbol symbol = symbols.nearest(address).orElseThrow();
    if (symbol.size().isPresent() && symbol.size().getAsLong() > address - symbol.address()) {
      return symbol.size().getAsLong() - (address - symbol.address());
    }
    long known = 1; // bytes that belong to it
    long step = 1;
    while (step < MOST && isIn(symbols, symbol, address + step)) {
      known = step + 1;
      step *= 2;
    }
    long behind = step; // doesn't
    while (behind - known > 0) {
      long middle = known + (behind - known) / 2;
      if (isIn(symbols, symbol, address + middle)) {
        known = middle + 1;
      } else {
        behind = middle;
      }
    }
    return known;
  }

  private static boolean isIn(Symbols symbols, Symbol symbol, long address) throws VmcoreException {
    return symbols.nearest(address).filter(each -> each.address() == symbol.address()).isPresent();
  }

  /** What was asked for, for a message. */
  static String names(List<Sought> all) {
    List<String> names = new ArrayList<>();
    for (Sought each : all) {
      names.add(Printable.text(each.text()));
    }
    return String.join(", ", names);
  }
}
