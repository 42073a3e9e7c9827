package org.vmcore.kernel;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.vmcore.io.VmcoreException;

/**
 * The symbols of one module: the table that it was loaded with, of which the kernel keeps what
 * kallsyms shows.
 *
 * <p>Where struct module has {@code kallsyms} depends on the kernel's configuration. Once a module
 * is live that pointer leads to {@code core_kallsyms} right behind itself, by which it is found.
 * Sources: {@code struct mod_kallsyms} of include/linux/module.h, kernel/module/kallsyms.c.
 */
final class ModuleSymbols implements SymbolTable {
  /** Larger than any struct module, in bytes. */
  private static final int MODULE_SIZE = 4096;

  private static final int FIRST_FIELD = 80; // behind the name
  private static final int SYM = 24; // Elf64_Sym
  private static final int MAX_SYMBOLS = 1 << 20;
  private static final int MAX_STRINGS = 64 << 20;
  private static final int PAGE_SHIFT = 12;

  private final String module;
  private final Reader in;
  private final byte[] symtab;
  private final byte[] strtab;
  private final byte[] typetab;
  private final List<String> gaps = new ArrayList<>();

  private ModuleSymbols(String module, Reader in, byte[] symtab, byte[] strtab, byte[] typetab) {
    this.module = module;
    this.in = in;
    this.symtab = symtab;
    this.strtab = strtab;
    this.typetab = typetab;
  }

  /** {@code module}'s symbols; as far as they can't be read there are none, and a gap says so. */
  static ModuleSymbols of(Reader in, KernelModule module) throws VmcoreException {
    byte[] fields = in.upTo(module.address(), MODULE_SIZE);
    for (int at = FIRST_FIELD; at + 40 <= fields.length; at += 8) {
      if (in.int64(fields, at) == module.address() + at + 8) {
        ModuleSymbols found = of(in, module, fields, at + 8);
        if (found.symtab.length > 0) {
          return found;
        }
      }
    }
    ModuleSymbols none =
        new ModuleSymbols(module.name(), in, new byte[0], new byte[0], new byte[0]);
    none.gaps.add("module " + module.name() + ": its symbols aren't found");
    return none;
  }

  /** Of the mod_kallsyms at {@code at} in {@code fields}. */
  private static ModuleSymbols of(Reader in, KernelModule module, byte[] fields, int at)
      throws VmcoreException {
    long symtab = in.int64(fields, at);
    long count = in.int64(fields, at + 8); // unsigned int, and 4 bytes of padding
    long strtab = in.int64(fields, at + 16);
    long typetab = in.int64(fields, at + 24);
    if (symtab >= 0 || strtab >= 0 || count < 1 || count > MAX_SYMBOLS) {
      return new ModuleSymbols(module.name(), in, new byte[0], new byte[0], new byte[0]);
    }
    byte[] symbols = in.upTo(symtab, (int) count * SYM);
    long last = lastName(in, symbols);
    byte[] types = typetab < 0 ? in.upTo(typetab, (int) count) : new byte[0];
    byte[] texts = last > MAX_STRINGS ? new byte[0] : in.upTo(strtab, (int) last + Tokens.MAX_NAME);
    boolean isTable = symbols.length >= SYM && isNull(symbols) && texts.length > 0 && texts[0] == 0;
    ModuleSymbols found =
        new ModuleSymbols(module.name(), in, isTable ? symbols : new byte[0], texts, types);
    if (isTable && (symbols.length < count * SYM || texts.length <= last)) {
      found.gaps.add("module " + module.name() + ": a part of its symbols can't be read");
    }
    return found;
  }

  /** Where in the string table the last name begins; its size is told nowhere. */
  private static long lastName(Reader in, byte[] symbols) {
    long last = 0;
    for (int at = 0; at + SYM <= symbols.length; at += SYM) {
      last = Math.max(last, in.int32(symbols, at) & 0xffff_ffffL);
    }
    return last;
  }

  /** The first symbol of an ELF table is empty. */
  private static boolean isNull(byte[] symbols) {
    for (int i = 0; i < SYM - 8; i++) { // st_size holds flags in some kernels
      if (symbols[i] != 0) {
        return false;
      }
    }
    return true;
  }

  boolean isFound() {
    return symtab.length > 0;
  }

  @Override
  public void find(NamePattern pattern, Visitor out) {
    for (int at = SYM; at + SYM <= symtab.length; at += SYM) {
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
    return in.uint16(symtab, at + 6) != 0; // st_shndx is SHN_UNDEF
  }

  /** The length of the name at {@code from}; 0 when there is none. */
  private int length(int from) {
    if (from <= 0 || from >= strtab.length) {
      return 0;
    }
    int end = from;
    while (end < strtab.length && strtab[end] != 0) {
      end++;
    }
    return end == strtab.length ? 0 : end - from;
  }

  private long address(int at) {
    return in.int64(symtab, at + 8);
  }

  private long size(int at) {
    return in.int64(symtab, at + 16);
  }

  private Symbol symbol(int at, int name, int length) {
    return new Symbol(
        new String(strtab, name, length, StandardCharsets.UTF_8),
        address(at),
        type(at),
        OptionalLong.of(size(at)),
        Optional.of(module));
  }

  /** From typetab; before 5.2 the kernel wrote it into st_info. */
  private char type(int at) {
    int index = at / SYM;
    char type = (char) ((index < typetab.length ? typetab[index] : symtab[at + 4]) & 0xff);
    return type > ' ' && type <= '~' ? type : Symbol.UNKNOWN_TYPE;
  }

  @Override
  public Optional<Symbol> nearest(long address) {
    int best = -1;
    for (int at = SYM; at + SYM <= symtab.length; at += SYM) {
      boolean isCloser =
          Long.compareUnsigned(address(at), address) <= 0
              && (best < 0 || Long.compareUnsigned(address(at), address(best)) > 0);
      if (isCloser && isDefined(at) && isPlace(at)) {
        best = at;
      }
    }
    if (best < 0 || !reaches(best, address)) {
      return Optional.empty();
    }
    int name = in.int32(symtab, best);
    return Optional.of(symbol(best, name, length(name)));
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
  public void gaps(Consumer<String> out) {
    gaps.forEach(out);
  }
}
