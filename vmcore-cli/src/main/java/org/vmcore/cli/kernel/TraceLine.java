package org.vmcore.cli.kernel;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.kernel.symbols.Symbols;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * Finds addresses in lines of text, as traces and oopses have them: {@code 0xffffffff81001234}, and
 * with all their digits {@code ffffffff81001234} and {@code [<ffffffff81001234>]}.
 */
final class TraceLine {
  /** On x86_64 a per-CPU variable: small numbers would be one. */
  private static final char ABSOLUTE = 'A';

  private static final int HEX = 16;

  private final Symbols symbols;
  private final Pattern address;

  /**
   * Looks addresses up in {@code symbols}.
   *
   * @param bits of the kernel's words
   */
  TraceLine(Symbols symbols, int bits) {
    this.symbols = symbols;
    int digits = bits / 4;
    this.address =
        Pattern.compile(
            "(?<![0-9A-Za-z_.+])(?:0[xX]([0-9a-fA-F]{5,%d})|([0-9a-fA-F]{%d}))(?![0-9A-Za-z_.])(?:>\\])?"
                .formatted(digits, digits));
  }

  /**
   * An address in a line.
   *
   * @param end where it ends, brackets included
   * @param isNamed whether the line names the symbol behind it
   */
  record Place(int end, long address, Symbol symbol, boolean isNamed) {
    /** {@code panic+0x2e6}, {@code fx_do+0x237 [fxcrash]}. */
    String name() {
      long offset = address - symbol.address();
      String name = offset == 0 ? symbol.name() : symbol.name() + "+" + Hex.of(offset);
      return symbol.module().isPresent() ? name + " [" + symbol.module().get() + "]" : name;
    }
  }

  /** The addresses in {@code line} that lie in a symbol. */
  List<Place> places(byte[] line) throws VmcoreException {
    String text = new String(line, StandardCharsets.ISO_8859_1); // a char for each byte
    List<Place> places = new ArrayList<>();
    Matcher matcher = address.matcher(text);
    while (matcher.find()) {
      String digits = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
      long value = Long.parseUnsignedLong(digits, HEX);
      Optional<Symbol> found = symbols.nearest(value);
      if (found.isPresent() && found.get().type() != ABSOLUTE) {
        int end = matcher.end();
        boolean isNamed = isNamed(text, end, found.get().name());
        places.add(new Place(end, value, found.get(), isNamed));
      }
    }
    return places;
  }

  /** Whether behind the address the name stands, as in {@code [<…>] ? panic+0x2e6/0x39c}. */
  private static boolean isNamed(String text, int end, String name) {
    int at = end;
    while (at < text.length() && " ?\t(:".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    int behind = at + name.length();
    return text.startsWith(name, at) && (behind >= text.length() || !isOfName(text.charAt(behind)));
  }

  private static boolean isOfName(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '$';
  }
}
