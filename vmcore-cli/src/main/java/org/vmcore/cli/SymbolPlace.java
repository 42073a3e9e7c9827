package org.vmcore.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A symbol, or bytes behind it: {@code NAME} or {@code NAME+N}.
 *
 * @param name the symbol
 * @param plus how many bytes behind it
 */
record SymbolPlace(String name, long plus) {
  /** Parses a place out of an option. */
  static final class Converter implements ITypeConverter<SymbolPlace> {
    @Override
    public SymbolPlace convert(String value) {
      int sign = value.lastIndexOf('+');
      String name = sign < 0 ? value : value.substring(0, sign);
      if (name.isEmpty()) {
        throw new TypeConversionException("'" + value + "' has no name: NAME or NAME+N");
      }
      return new SymbolPlace(name, sign < 0 ? 0 : Numbers.parse(value.substring(sign + 1)));
    }
  }
}
