package org.vmcore.debuginfo.elf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.vmcore.debuginfo.layout.ImageSection;
import org.vmcore.debuginfo.layout.KernelLayout;
import org.vmcore.kernel.symbols.KernelSymbols;
import org.vmcore.values.Ascending;

/** Which symbols get into a file, and in which of its sections each of them lies. */
final class SymbolPlaces {
  /** A symbol that is left out. */
  static final int NONE = -1;

  /**
   * What the names of symbols begin with that a small file does without: of the padding in front of
   * functions, and of what the table of exported symbols is made of. 7.3 has 95,000 of them.
   */
  private static final List<String> SPARE = List.of("__pfx_", "__kstrtab", "__ksymtab_");

  private static final byte[][] SPARE_BYTES =
      SPARE.stream().map(name -> name.getBytes(StandardCharsets.US_ASCII)).toArray(byte[][]::new);

  private final KernelSymbols symbols;
  private final List<ImageSection> sections;
  private final long[] starts;
  private final byte[] places;
  private int locals;
  private int globals;
  private int outside;
  private int unprintable;

  private SymbolPlaces(KernelSymbols symbols, List<ImageSection> sections) {
    this.symbols = symbols;
    this.sections = sections;
    this.starts = sections.stream().mapToLong(each -> each.range().start()).toArray();
    this.places = new byte[symbols.count()];
  }

  /**
   * Finds them.
   *
   * @param sections ascending, at most 127
   * @param isSmall whether the file does without symbols that hardly anybody asks for
   */
  static SymbolPlaces of(KernelLayout layout, List<ImageSection> sections, boolean isSmall) {
    SymbolPlaces places = new SymbolPlaces(layout.symbols(), sections);
    for (int i = 0; i < layout.symbols().count(); i++) {
      places.places[i] = (byte) (isSmall && places.isSpare(i) ? NONE : places.find(i));
    }
    return places;
  }

  private boolean isSpare(int index) {
    int start = symbols.nameStart(index);
    int length = symbols.nameLength(index);
    for (byte[] each : SPARE_BYTES) {
      if (length > each.length
          && Arrays.equals(symbols.names(), start, start + each.length, each, 0, each.length)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a small file does without symbols of this name. */
  static boolean isSpare(String name) {
    return SPARE.stream().anyMatch(name::startsWith);
  }

  /** Counts symbol {@code index}, and gives its section's index. */
  private int find(int index) {
    if (!isPrintable(index)) {
      unprintable++;
      return NONE;
    }
    int section = section(symbols.address(index));
    if (section == NONE) {
      outside++;
    } else if (isLocal(index)) {
      locals++;
    } else {
      globals++;
    }
    return section;
  }

  /** The section of an address; the one behind whose last byte it lies, if it is in none. */
  private int section(long address) {
    int section = Ascending.floor(starts, starts.length, address);
    boolean isInside =
        section >= 0
            && Long.compareUnsigned(address - starts[section], sections.get(section).range().size())
                <= 0;
    return isInside ? section : NONE;
  }

  private boolean isPrintable(int index) {
    byte[] names = symbols.names();
    int start = symbols.nameStart(index);
    int end = start + symbols.nameLength(index);
    boolean isPrintable = end > start;
    for (int at = start; at < end; at++) {
      isPrintable &= names[at] > ' ' && names[at] <= '~';
    }
    return isPrintable;
  }

  /** Whether symbol {@code index} is one of its own file: nm has a small letter for it. */
  boolean isLocal(int index) {
    char type = symbols.type(index);
    return Character.isLowerCase(type) && !isWeak(index);
  }

  boolean isWeak(int index) {
    char type = Character.toLowerCase(symbols.type(index));
    return type == 'w' || type == 'v';
  }

  /** The index of symbol {@code index}'s section, or {@link #NONE}. */
  int section(int index) {
    return places[index];
  }

  /** How far it is from symbol {@code index} to the end of its section, in bytes. */
  long left(int index) {
    return sections.get(places[index]).range().end() - symbols.address(index);
  }

  int locals() {
    return locals;
  }

  int globals() {
    return globals;
  }

  /** How many lie in no section. */
  int outside() {
    return outside;
  }

  /** How many have names that no kernel's symbol has: control characters, for one. */
  int unprintable() {
    return unprintable;
  }
}
