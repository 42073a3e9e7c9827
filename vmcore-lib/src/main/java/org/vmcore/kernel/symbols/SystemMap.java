package org.vmcore.kernel.symbols;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.vmcore.io.SmallFile;
import org.vmcore.kernel.names.NamePattern;
import org.vmcore.kernel.names.SortedAddresses;
import org.vmcore.kernel.names.SymbolGaps;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * A System.map: the symbols as the kernel was linked, in lines {@code ADDRESS TYPE NAME}. KASLR
 * moves what lies in the kernel's half of the addresses; per-CPU variables of x86_64 stay.
 */
final class SystemMap implements SymbolTable {
  private static final int MAX_SIZE = 32 << 20;

  /** Tells where the kernel is. */
  private static final String FIXED = "_stext";

  /** Where that fits, these fit, too. */
  private static final String[] CHECKED = {"_etext", "init_uts_ns", "swapper_pg_dir"};

  private final String file;
  private final byte[] text;

  /** How far KASLR has moved the kernel; empty when nothing tells. */
  private final OptionalLong slide;

  private final long moved;
  private volatile @Nullable SortedAddresses addresses;

  private SystemMap(String file, byte[] text, OptionalLong slide) {
    this.file = file;
    this.text = text;
    this.slide = slide;
    this.moved = slide.orElse(0);
  }

  /**
   * Reads {@code file}; the addresses are those that it has, as the kernel was linked.
   *
   * @throws VmcoreException when it can't be read, or is no System.map
   */
  static SystemMap read(Path file) throws VmcoreException {
    byte[] text = SmallFile.read(file, MAX_SIZE, "System.map");
    SystemMap map = new SystemMap(file.toString(), text, OptionalLong.empty());
    if (map.first(FIXED).isEmpty()) {
      throw VmcoreException.of(file.toString(), "has no " + FIXED + ": it is no System.map");
    }
    return map;
  }

  /** What knows at which addresses symbols are in the dump. */
  interface Addresses {
    OptionalLong of(String name) throws VmcoreException;
  }

  /**
   * With addresses as {@code by} has them, when it knows of {@code _stext}.
   *
   * @param what {@code by}'s name
   * @throws VmcoreException when the two don't fit
   */
  SystemMap placed(String what, Addresses by) throws VmcoreException {
    OptionalLong here = by.of(FIXED);
    Optional<Symbol> linked = first(FIXED);
    if (here.isEmpty() || linked.isEmpty()) {
      return this;
    }
    OptionalLong slide = OptionalLong.of(here.getAsLong() - linked.get().address());
    SystemMap placed = new SystemMap(file, text, slide);
    for (String name : CHECKED) {
      placed.check(name, what, by.of(name));
    }
    return placed;
  }

  private void check(String name, String what, OptionalLong known) throws VmcoreException {
    Optional<Symbol> own = first(name);
    if (known.isPresent() && own.isPresent() && own.get().address() != known.getAsLong()) {
      throw VmcoreException.of(
          file,
          name
              + " would be at "
              + Hex.of(own.get().address())
              + ", "
              + what
              + " has it at "
              + Hex.of(known.getAsLong())
              + ": of another kernel");
    }
  }

  /** Whether addresses are those of the dump. */
  boolean isPlaced() {
    return slide.isPresent();
  }

  private Optional<Symbol> first(String name) {
    FoundSymbols first = FoundSymbols.first();
    find(NamePattern.exactly(name), first);
    return first.symbol();
  }

  @Override
  public void find(NamePattern pattern, Visitor out) {
    Lines lines = new Lines();
    while (lines.next()) {
      if (pattern.matches(text, lines.name, lines.end - lines.name)
          && !out.symbol(lines.symbol())) {
        return;
      }
    }
  }

  @Override
  public void addTo(KernelSymbols all) {
    Lines lines = new Lines();
    while (lines.next()) {
      all.add(lines.address(), text[lines.name - 2], text, lines.name, lines.end - lines.name);
    }
  }

  @Override
  public Optional<Symbol> nearest(long address) {
    int wanted = sorted().nearest(address);
    if (wanted < 0) {
      return Optional.empty();
    }
    Lines lines = new Lines();
    for (int i = 0; i <= wanted; i++) {
      lines.next();
    }
    return Optional.of(lines.symbol());
  }

  private SortedAddresses sorted() {
    SortedAddresses known = addresses;
    if (known == null) {
      known = SortedAddresses.of(all());
      addresses = known;
    }
    return known;
  }

  private long[] all() {
    long[] all = new long[count()];
    Lines lines = new Lines();
    for (int i = 0; i < all.length; i++) {
      lines.next();
      all[i] = lines.address();
    }
    return all;
  }

  @Override
  public int count() {
    Lines lines = new Lines();
    int count = 0;
    while (lines.next()) {
      count++;
    }
    return count;
  }

  @Override
  public boolean isInside(long address) {
    return sorted().isInside(address);
  }

  @Override
  public void gaps(Consumer<Finding> out) {
    if (slide.isEmpty()) {
      out.accept(
          SymbolGaps.warning(
              "nothing tells where the kernel is in memory: the System.map's addresses are as linked"));
    }
  }

  /** Goes over the lines; one that isn't of a symbol is passed over. */
  private final class Lines {
    private int from;
    private int digits;
    private int name;
    private int end;

    boolean next() {
      while (from < text.length) {
        digits = from;
        end = from;
        while (end < text.length && text[end] != '\n') {
          end++;
        }
        from = end + 1;
        if (isSymbol()) {
          return true;
        }
      }
      return false;
    }

    private boolean isSymbol() {
      int at = digits;
      while (at < end && Character.digit(text[at], 16) >= 0) {
        at++;
      }
      name = at + 3;
      return at > digits
          && at - digits <= 16
          && name < end
          && text[at] == ' '
          && text[at + 2] == ' ';
    }

    long address() {
      long address = 0;
      for (int at = digits; at < name - 3; at++) {
        address = address << 4 | Character.digit(text[at], 16);
      }
      return address < 0 ? address + moved : address;
    }

    Symbol symbol() {
      return Symbol.ofKernel(
          new String(text, name, end - name, StandardCharsets.UTF_8),
          address(),
          (char) (text[name - 2] & 0xff));
    }
  }
}
