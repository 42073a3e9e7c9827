package org.vmcore.debuginfo.elf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.vmcore.debuginfo.layout.ImageSection;
import org.vmcore.debuginfo.layout.ImageSection.Access;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.modules.LoadedModule;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Ascending;
import org.vmcore.values.Unsigned;

/** The symbols of loaded modules that lie in a file's sections, those of one name all of them. */
final class ModuleSymbols {
  /** Several times what kernels with many modules have. */
  private static final int MOST = 1 << 19;

  private final List<ImageSection> sections;
  private final boolean isSmall;
  private final List<Placed> locals = new ArrayList<>();
  private final List<Placed> globals = new ArrayList<>();
  private int unprintable;
  private int spare;

  private ModuleSymbols(List<ImageSection> sections, boolean isSmall) {
    this.sections = sections;
    this.isSmall = isSmall;
  }

  /**
   * A symbol, and what a file tells of it.
   *
   * @param symbol as its module has it
   * @param section the index of its section among those of modules
   * @param size in bytes
   */
  record Placed(Symbol symbol, int section, long size) {
    boolean isWeak() {
      return Character.toLowerCase(symbol.type()) == 'w'
          || Character.toLowerCase(symbol.type()) == 'v';
    }

    boolean isLocal() {
      return !Character.isUpperCase(symbol.type()) && !isWeak();
    }

    boolean isCode(List<ImageSection> sections) {
      return "tTwW".indexOf(symbol.type()) >= 0 && sections.get(section).access() == Access.EXECUTE;
    }
  }

  /**
   * Finds those of {@code kernel}'s modules.
   *
   * @param sections of modules, ascending; without them there are none
   * @param isSmall whether the file does without symbols that hardly anybody asks for
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  static ModuleSymbols of(Kernel kernel, List<ImageSection> sections, boolean isSmall)
      throws VmcoreException {
    ModuleSymbols found = new ModuleSymbols(sections, isSmall);
    if (!sections.isEmpty()) {
      Set<String> names = new HashSet<>();
      for (LoadedModule module : kernel.modules().all()) {
        if (names.add(module.name())) {
          found.add(kernel.symbols().ofModule(module.name()));
        }
      }
    }
    return found;
  }

  private void add(List<Symbol> symbols) {
    long[] starts = symbols.stream().mapToLong(Symbol::address).filter(at -> at < 0).toArray();
    Arrays.sort(starts);
    for (Symbol each : symbols) {
      int section = section(each.address());
      if (section >= 0 && isWanted(each.name())) {
        place(new Placed(each, section, size(each, section, starts)));
      }
    }
  }

  private void place(Placed symbol) {
    if (locals.size() + globals.size() == MOST) {
      spare++;
    } else {
      (symbol.isLocal() ? locals : globals).add(symbol);
    }
  }

  private boolean isWanted(String name) {
    if (!name.chars().allMatch(c -> c > ' ' && c <= '~')) {
      unprintable++;
      return false;
    }
    boolean isMark = name.startsWith("$") || name.startsWith(".L"); // of an assembler
    return !isMark && !(isSmall && SymbolPlaces.isSpare(name));
  }

  /** The section of an address, or that ends there; −1: there is none. */
  private int section(long address) {
    int at = Ascending.floor(i -> sections.get(i).range().start(), sections.size(), address);
    return at >= 0 && address - sections.get(at).range().end() <= 0 ? at : -1;
  }

  /** As its module tells, or else up to the next symbol; not beyond its section. */
  private long size(Symbol symbol, int section, long[] starts) {
    long left = sections.get(section).range().end() - symbol.address();
    long told = symbol.size().orElse(0);
    int next = Ascending.floor(starts, starts.length, symbol.address()) + 1;
    long distance = next < starts.length ? starts[next] - symbol.address() : left;
    return Unsigned.min(told == 0 ? distance : told, left);
  }

  List<ImageSection> sections() {
    return sections;
  }

  /** Those of their own file. */
  List<Placed> locals() {
    return locals;
  }

  /** The others. */
  List<Placed> globals() {
    return globals;
  }

  /** How many were left out, for their names are none. */
  int unprintable() {
    return unprintable;
  }

  /** How many were left out, for there are too many. */
  int spare() {
    return spare;
  }
}
