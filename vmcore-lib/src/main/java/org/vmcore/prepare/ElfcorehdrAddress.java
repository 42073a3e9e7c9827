package org.vmcore.prepare;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * Where the elfcorehdr is, as the boot parameter {@code elfcorehdr=[size@]address} tells it.
 *
 * @param address a physical address
 * @param size in bytes, when it was told
 */
public record ElfcorehdrAddress(long address, OptionalLong size) {
  private static final String PARAMETER = "elfcorehdr=";
  private static final String SUFFIXES = "kmgtpe";

  /**
   * Parses {@code 0x1000000}, {@code 179572K}, {@code 4K@0x1000000}, with or without {@code
   * elfcorehdr=} in front. Numbers are those of the kernel's memparse: 0x for hexadecimal, 0 for
   * octal, a suffix K, M, G, T, P or E in either case.
   *
   * @throws VmcoreException when it is anything else. The kernel ignores what follows a number, and
   *     numbers beyond 64 bits wrap; here both are refused
   */
  public static ElfcorehdrAddress parse(String text) throws VmcoreException {
    String value = text.startsWith(PARAMETER) ? text.substring(PARAMETER.length()) : text;
    int at = value.indexOf('@');
    return at < 0
        ? new ElfcorehdrAddress(memparse(value, text), OptionalLong.empty())
        : new ElfcorehdrAddress(
            memparse(value.substring(at + 1), text),
            OptionalLong.of(memparse(value.substring(0, at), text)));
  }

  /** The one that a kernel's command line tells: its last, before {@code --}. */
  public static Optional<ElfcorehdrAddress> inCommandLine(String commandLine)
      throws VmcoreException {
    Optional<ElfcorehdrAddress> found = Optional.empty();
    for (String word : commandLine.strip().split("\\s+", -1)) {
      if (word.equals("--")) {
        break;
      }
      if (word.startsWith(PARAMETER)) {
        found = Optional.of(parse(word));
      }
    }
    return found;
  }

  /** The boot parameter: {@code elfcorehdr=0x1000@0x1000000}. */
  public String parameter() {
    String at = Hex.of(address);
    return size.isPresent() ? PARAMETER + Hex.of(size.getAsLong()) + "@" + at : PARAMETER + at;
  }

  private static long memparse(String number, String whole) throws VmcoreException {
    String digits = number.toLowerCase(Locale.ROOT);
    int shift = 0;
    boolean hex = digits.startsWith("0x");
    if (!digits.isEmpty()) {
      int suffix = SUFFIXES.indexOf(digits.charAt(digits.length() - 1));
      // An e that could be a digit is one.
      if (suffix >= 0 && !(hex && suffix == SUFFIXES.length() - 1)) {
        shift = 10 * (suffix + 1);
        digits = digits.substring(0, digits.length() - 1);
      }
    }
    long value = unsigned(digits, hex, whole);
    if (value << shift >>> shift != value) {
      throw refused(whole, "the number " + number + " doesn't fit in 64 bits");
    }
    return value << shift;
  }

  private static long unsigned(String digits, boolean hex, String whole) throws VmcoreException {
    boolean octal = !hex && digits.length() > 1 && digits.startsWith("0");
    String bare = hex ? digits.substring(2) : digits;
    if (bare.isEmpty() || Character.digit(bare.charAt(0), 16) < 0) {
      throw refused(whole, "a number is missing");
    }
    try {
      return Long.parseUnsignedLong(bare, hex ? 16 : octal ? 8 : 10);
    } catch (NumberFormatException e) {
      throw refused(whole, "not a number of 64 bits, 0x… or decimal, with K, M, G, T, P or E");
    }
  }

  private static VmcoreException refused(String whole, String reason) {
    return VmcoreException.of(whole.startsWith(PARAMETER) ? whole : PARAMETER + whole, reason);
  }
}
