package org.vmcore.kernel.symbols;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.vmcore.kernel.names.NamePattern;
import org.vmcore.kernel.names.SymbolGaps;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.Unreadable;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * The symbols of one module: the table that it was loaded with, of which the kernel keeps what
 * kallsyms shows.
 *
 * <p>Source: kernel/module/kallsyms.c.
 */
final class ModuleSymbols implements SymbolTable {
  private static final int MAX_STRINGS = 64 << 20;
  private static final int PAGE_SHIFT = 12;

  private final String module;
  private final KernelReader in;
  private final ModKallsyms.Sym sym;
  private final byte[] symtab;
  private final byte[] strtab;
  private final byte[] typetab;
  private final List<Finding> gaps = new ArrayList<>();

  private ModuleSymbols(
      String module, KernelReader in, byte[] symtab, byte[] strtab, byte[] typetab) {
    this.module = module;
    this.in = in;
    this.sym = ModKallsyms.Sym.of(in);
    this.symtab = symtab;
    this.strtab = strtab;
    this.typetab = typetab;
  }

  /** No symbols. */
  static ModuleSymbols none(KernelReader in, KernelModule module) {
    return new ModuleSymbols(module.name(), in, new byte[0], new byte[0], new byte[0]);
  }

  /** No symbols, and why. */
  static ModuleSymbols none(KernelReader in, KernelModule module, Finding why) {
    ModuleSymbols none = none(in, module);
    none.gaps.add(why);
    return none;
  }

  /** The symbols of {@code table}; empty when they take more than {@code most} bytes. */
  static Optional<ModuleSymbols> read(
      KernelReader in, KernelModule module, ModKallsyms table, long most) throws VmcoreException {
    ModKallsyms.Sym sym = ModKallsyms.Sym.of(in);
    long size = table.count() * (sym.bytes() + 1);
    if (size > most) {
      return Optional.empty();
    }
    byte[] symtab = in.upTo(table.symtab(), (int) table.count() * sym.bytes());
    long last = lastName(in, symtab, sym.bytes());
    if (size + last + Tokens.MAX_NAME > most) {
      return Optional.empty();
    }
    byte[] strtab = in.upTo(table.strtab(), (int) last + Tokens.MAX_NAME);
    byte[] typetab =
        hasTypes(sym, symtab) && table.typetab() != 0
            ? in.upTo(table.typetab(), (int) table.count())
            : new byte[0];
    ModuleSymbols symbols = new ModuleSymbols(module.name(), in, symtab, strtab, typetab);
    symbols.check(table.symtab() + symtab.length, symtab.length == table.count() * sym.bytes());
    symbols.check(table.strtab() + strtab.length, strtab.length > last);
    return Optional.of(symbols);
  }

  /** Where in the string table the last name begins; its size is told nowhere. */
  private static long lastName(KernelReader in, byte[] symtab, int size) {
    long last = 0;
    for (int at = 0; at + size <= symtab.length; at += size) {
      long name = in.int32(symtab, at) & 0xffff_ffffL;
      last = name < MAX_STRINGS ? Math.max(last, name) : last;
    }
    return last;
  }

  /** The kernel wrote the types into the symbols, of the empty one too, until it had a typetab. */
  private static boolean hasTypes(ModKallsyms.Sym sym, byte[] symtab) {
    return symtab.length >= sym.bytes()
        && !isLetter(symtab[sym.info()])
        && !isLetter(symtab[sym.size()]);
  }

  private void check(long end, boolean isWhole) throws VmcoreException {
    if (!isWhole && gaps.isEmpty()) {
      Unreadable why = in.unreadable(end, "a part of its symbols");
      gaps.add(SymbolGaps.of(why.state(), "module " + module + ": " + why.reason()));
    }
  }

  /** Whose they are. */
  String module() {
    return module;
  }

  /** What is kept, in bytes. */
  long size() {
    return (long) symtab.length + strtab.length + typetab.length;
  }

  @Override
  public void find(NamePattern pattern, Visitor out) {
    for (int at = sym.bytes(); at + sym.bytes() <= symtab.length; at += sym.bytes()) {
      int name = in.int32(symtab, at);
      int length = isDefined(at) ? length(name) : 0;
      if (length > 0
          && pattern.matches(strtab, name, length)
          && !out.symbol(symbol(at, name, length))) {
        return;
      }
    }
  }

  private boolean isDefined(int at) {
    return in.uint16(symtab, at + sym.section()) != 0; // st_shndx is SHN_UNDEF
  }

  /** The length of the name at {@code from}; 0 when there is none, or it is longer than any is. */
  private int length(int from) {
    if (from <= 0 || from >= strtab.length) {
      return 0;
    }
    int most = Math.min(strtab.length, from + Tokens.MAX_NAME + 1);
    int end = from;
    while (end < most && strtab[end] != 0) {
      end++;
    }
    return end == most ? 0 : end - from;
  }

  private long address(int at) {
    return in.word(symtab, at + sym.value());
  }

  private long size(int at) {
    return in.word(symtab, at + sym.size());
  }

  private Symbol symbol(int at, int name, int length) {
    return new Symbol(
        new String(strtab, name, length, StandardCharsets.UTF_8),
        address(at),
        type(at),
        typeAt() == sym.size() ? OptionalLong.empty() : OptionalLong.of(size(at)),
        Optional.of(module));
  }

  private char type(int at) {
    int index = at / sym.bytes();
    int type =
        typetab.length == 0 ? symtab[at + typeAt()] : index < typetab.length ? typetab[index] : 0;
    return isLetter((byte) type) ? (char) type : Symbol.UNKNOWN_TYPE;
  }

  /** Where a symbol has its type: st_info or, from 5.0 to 5.1, st_size. */
  private int typeAt() {
    boolean isInSize =
        typetab.length == 0 && !isLetter(symtab[sym.info()]) && isLetter(symtab[sym.size()]);
    return isInSize ? sym.size() : sym.info();
  }

  private static boolean isLetter(byte c) {
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
  }

  @Override
  public int count() {
    return symtab.length / sym.bytes();
  }

  @Override
  public Optional<Symbol> nearest(long address) {
    int best = -1;
    for (int at = sym.bytes(); at + sym.bytes() <= symtab.length; at += sym.bytes()) {
      boolean isBefore = Long.compareUnsigned(address(at), address) <= 0;
      if (isBefore && (best < 0 || isCloser(at, best)) && isDefined(at) && isPlace(at)) {
        best = at;
      }
    }
    if (best < 0 || !reaches(best, address)) {
      return Optional.empty();
    }
    int name = in.int32(symtab, best);
    return Optional.of(symbol(best, name, length(name)));
  }

  /** Of two at one address that of a size: the other, {@code __stop_x}, only marks the place. */
  private boolean isCloser(int at, int than) {
    int order = Long.compareUnsigned(address(at), address(than));
    return order > 0 || (order == 0 && typeAt() != sym.size() && size(at) != 0 && size(than) == 0);
  }

  /** Marks of assemblers, {@code $x} and {@code .L5}, are no places; nor are nameless symbols. */
  private boolean isPlace(int at) {
    int name = in.int32(symtab, at);
    return length(name) > 0
        && strtab[name] != '$'
        && !(strtab[name] == '.' && strtab[name + 1] == 'L');
  }

  /** The page in which it ends is the symbol's. */
  private boolean reaches(int at, long address) {
    long last = address(at) + Math.max(1, size(at)) - 1;
    return Long.compareUnsigned(address >>> PAGE_SHIFT, last >>> PAGE_SHIFT) <= 0;
  }

  @Override
  public void gaps(Consumer<Finding> out) {
    gaps.forEach(out);
  }
}
