package org.vmcore.kernel.symbols;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.vmcore.kernel.names.LinkerName;
import org.vmcore.kernel.names.NamePattern;
import org.vmcore.kernel.names.SortedAddresses;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * The kernel's own table of symbols, kallsyms: names in compressed form one after the other, and
 * their addresses in another table.
 *
 * <p>A name is looked for in the compressed names as they are, which takes milliseconds even
 * without the tables of markers and of the order of names: VMCOREINFO doesn't tell of those.
 *
 * <p>Sources: kernel/kallsyms.c, scripts/kallsyms.c.
 */
final class Kallsyms implements SymbolTable {
  /** Several times the symbols of the largest kernels. */
  static final int MAX_COUNT = 1 << 21;

  private static final int SAMPLES = 64;

  private final KernelReader in;
  private final KallsymsTables tables;
  private final int count;
  private final CompressedNames names;
  private final long base;
  private final AddressRule rule;
  private volatile @Nullable SortedAddresses addresses;

  private Kallsyms(
      KernelReader in, KallsymsTables tables, int count, Tokens tokens, OptionalLong stext)
      throws VmcoreException {
    this.in = in;
    this.tables = tables;
    this.count = count;
    this.names = new CompressedNames(in, tables.names(), count, tokens);
    this.base =
        tables.relativeBase().isPresent()
            ? in.word(tables.relativeBase().getAsLong(), "kallsyms_relative_base")
            : 0;
    this.rule = rule(stext);
    requireAscending();
  }

  /**
   * Reads what is needed of every symbol.
   *
   * @param stext the address of {@code _stext}, by which the rule of addresses is found
   */
  static Kallsyms of(KernelReader in, KallsymsTables tables, OptionalLong stext)
      throws VmcoreException {
    int count = count(in, tables.numSyms());
    Tokens tokens = Tokens.of(in, tables.tokenIndex(), tables.tokenTable());
    return new Kallsyms(in, tables, count, tokens, stext);
  }

  /** How many symbols the tables at hand say that there are. */
  static int count(KernelReader in, long numSyms) throws VmcoreException {
    long count = in.u32(numSyms, "kallsyms_num_syms");
    if (count == 0 || count > MAX_COUNT) {
      throw in.fault(numSyms, "kallsyms_num_syms", count + ": not from 1 to " + MAX_COUNT);
    }
    return (int) count;
  }

  @Override
  public int count() {
    return count;
  }

  AddressRule rule() {
    return rule;
  }

  private AddressRule rule(OptionalLong stext) throws VmcoreException {
    AddressRule guess = guess();
    Index first = new Index();
    if (stext.isPresent()) {
      names.walk(0, NamePattern.exactly("_stext"), first);
    }
    if (first.index < 0 && stext.isPresent() && names.isWhole()) {
      throw in.fault(tables.names(), "kallsyms_names", "no _stext among them");
    }
    if (first.index < 0 || address(guess, first.index) == stext.getAsLong()) {
      return guess;
    }
    for (AddressRule each : AddressRule.values()) {
      if (!tables.isAbsolute() && address(each, first.index) == stext.getAsLong()) {
        return each;
      }
    }
    throw in.fault(
        tables.addresses(),
        "kallsyms_offsets",
        "_stext isn't at " + Hex.of(stext.getAsLong()) + ", where VMCOREINFO has it");
  }

  /** Symbols are sorted by address: a few of them tell whether the tables are what they should. */
  private void requireAscending() throws VmcoreException {
    long last = 0;
    int samples = Math.min(count, SAMPLES);
    for (int i = 0; i < samples; i++) {
      int index = (int) ((long) i * (count - 1) / Math.max(1, samples - 1));
      if (in.upTo(place(rule, index), rule.entrySize(in.wordSize())).length > 0) {
        long address = address(index);
        if (Long.compareUnsigned(address, last) < 0 || (i == samples - 1 && address == 0)) {
          throw in.fault(
              place(rule, index), "kallsyms_offsets", "addresses don't ascend: no such table");
        }
        last = address;
      }
    }
  }

  /** The last symbol is the image's end: offsets from a base are the largest there. */
  private AddressRule guess() throws VmcoreException {
    if (tables.isAbsolute()) {
      return AddressRule.ABSOLUTE;
    }
    if (tables.relativeBase().isEmpty()) {
      return AddressRule.PLACE_RELATIVE;
    }
    boolean isNegative = (int) entry(AddressRule.BASE_RELATIVE, count - 1) < 0;
    return isNegative ? AddressRule.PERCPU_SIGNED : AddressRule.BASE_RELATIVE;
  }

  /** Keeps where the first name is that it is told of. */
  private static final class Index implements CompressedNames.Names {
    private int index = -1;

    @Override
    public boolean name(int at, byte[] bytes, int length) {
      index = at;
      return false;
    }
  }

  /** Tells of symbols. */
  private final class Found implements CompressedNames.Names {
    private final Visitor out;

    Found(Visitor out) {
      this.out = out;
    }

    @Override
    public boolean name(int index, byte[] name, int length) throws VmcoreException {
      return out.symbol(symbol(index, name, length));
    }
  }

  /** Whether a symbol has this address. */
  boolean hasAddress(long wanted) throws VmcoreException {
    int low = 0;
    int high = count - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(address(middle), wanted) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return address(low) == wanted;
  }

  private long address(int index) throws VmcoreException {
    return address(rule, index);
  }

  private long address(AddressRule by, int index) throws VmcoreException {
    return by.address(entry(by, index), base, place(by, index));
  }

  private long place(AddressRule by, int index) {
    return tables.addresses() + (long) by.entrySize(in.wordSize()) * index;
  }

  private long entry(AddressRule by, int index) throws VmcoreException {
    long place = place(by, index);
    return by == AddressRule.ABSOLUTE
        ? in.word(place, "kallsyms_addresses")
        : in.u32(place, "kallsyms_offsets");
  }

  @Override
  public void find(NamePattern pattern, Visitor out) throws VmcoreException {
    names.walk(0, pattern, new Found(out));
  }

  @Override
  public void addTo(KernelSymbols all) throws VmcoreException {
    long[] places = all();
    names.walk(
        0,
        NamePattern.ANY,
        (index, name, length) -> {
          all.add(places[index], name[0], name, 1, length - 1);
          return true;
        });
  }

  /** Tells {@code known} of the names that may be its. */
  void walk(KnownNames known) throws VmcoreException {
    names.walk(known);
  }

  /** The address of the symbol {@code index}. */
  long addressOf(int index) throws VmcoreException {
    return address(index);
  }

  private Symbol symbol(int index, byte[] name, int length) throws VmcoreException {
    String text = new String(name, 1, length - 1, StandardCharsets.UTF_8);
    return Symbol.ofKernel(text, address(index), (char) (name[0] & 0xff));
  }

  @Override
  public Optional<Symbol> nearest(long address) throws VmcoreException {
    int wanted = addresses().nearest(address);
    FoundSymbols first = FoundSymbols.first();
    if (wanted >= 0) {
      names.walk(wanted, NamePattern.ANY, new Found(first));
    }
    boolean isIt = // and not a later one, behind a symbol that has no name
        first.symbol().isPresent()
            && Long.compareUnsigned(first.symbol().get().address(), address) <= 0;
    return !isIt || !LinkerName.is(first.symbol().get().name())
        ? first.symbol().filter(found -> isIt)
        : Optional.of(function(wanted, first.symbol().get()));
  }

  /** The last function that begins where a section does: it says more than the section's name. */
  private Symbol function(int position, Symbol section) throws VmcoreException {
    LastFunction last = new LastFunction(section);
    names.walk(addresses().firstOfSame(position), NamePattern.ANY, new Found(last));
    return last.best;
  }

  /** The last of the symbols that are where a section begins and aren't its name. */
  private static final class LastFunction implements Visitor {
    private final long start;
    private Symbol best;

    LastFunction(Symbol section) {
      start = section.address();
      best = section;
    }

    @Override
    public boolean symbol(Symbol found) {
      boolean isSame = found.address() == start;
      best = isSame && !LinkerName.is(found.name()) ? found : best;
      return isSame;
    }
  }

  @Override
  public boolean isInside(long address) throws VmcoreException {
    return addresses().isInside(address);
  }

  private SortedAddresses addresses() throws VmcoreException {
    SortedAddresses known = addresses;
    if (known == null) {
      known = SortedAddresses.of(all());
      addresses = known;
    }
    return known;
  }

  /** Every symbol's address, in the table's order. */
  long[] all() throws VmcoreException {
    int size = rule.entrySize(in.wordSize());
    byte[] entries = in.bytes(tables.addresses(), count * size, "kallsyms_offsets");
    long[] all = new long[count];
    for (int i = 0; i < count; i++) {
      long entry = size == 8 ? in.int64(entries, 8 * i) : in.int32(entries, 4 * i) & 0xffff_ffffL;
      all[i] = rule.address(entry, base, place(rule, i));
    }
    return all;
  }

  @Override
  public void gaps(Consumer<Finding> out) {
    names.gaps(out);
  }
}
