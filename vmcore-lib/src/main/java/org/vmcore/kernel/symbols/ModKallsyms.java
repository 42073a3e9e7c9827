package org.vmcore.kernel.symbols;

import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.VmcoreException;

/**
 * A {@code struct mod_kallsyms}: where a module's symbols are, kernel virtual addresses.
 *
 * <p>Source: include/linux/module.h.
 *
 * @param symtab an ELF symbol table
 * @param count how many symbols are in it, the empty first one too
 * @param strtab their names
 * @param typetab a letter for each, since 5.2
 */
record ModKallsyms(long symtab, long count, long strtab, long typetab) {
  private static final int MAX_COUNT = 1 << 20;

  /**
   * Where {@code Elf64_Sym} or {@code Elf32_Sym} has its fields, of which st_name is the first;
   * offsets and sizes in bytes.
   *
   * @param bytes the size of all of it
   */
  record Sym(int bytes, int info, int section, int value, int size) {
    private static final Sym ELF64 = new Sym(24, 4, 6, 8, 16);
    private static final Sym ELF32 = new Sym(16, 12, 14, 4, 8);

    static Sym of(KernelReader in) {
      return in.wordSize() == Long.BYTES ? ELF64 : ELF32;
    }

    /** The kernel wrote types into st_info and, for a while, st_size. */
    private boolean isEmpty(byte[] symbol, int wordSize) {
      for (int i = 0; i < bytes && symbol.length == bytes; i++) {
        boolean isType = i == info || (i >= size && i < size + wordSize);
        if (!isType && symbol[i] != 0) {
          return false;
        }
      }
      return symbol.length == bytes;
    }
  }

  /** SIZE(mod_kallsyms): of four words, in bytes. */
  static int size(KernelReader in) {
    return 4 * in.wordSize();
  }

  static ModKallsyms parse(KernelReader in, byte[] bytes, int at) {
    int word = in.wordSize();
    return new ModKallsyms(
        in.word(bytes, at),
        in.int32(bytes, at + word) & 0xffff_ffffL,
        in.word(bytes, at + 2 * word),
        in.word(bytes, at + 3 * word));
  }

  /** Whether symbols are there, as far as the first one tells, which is empty. */
  boolean isTable(KernelReader in) throws VmcoreException {
    Sym sym = Sym.of(in);
    return symtab != 0
        && strtab != 0
        && count >= 1
        && count <= MAX_COUNT
        && sym.isEmpty(in.upTo(symtab, sym.bytes()), in.wordSize())
        && isEnd(in.upTo(strtab, 1));
  }

  private static boolean isEnd(byte[] text) {
    return text.length == 1 && text[0] == 0;
  }
}
