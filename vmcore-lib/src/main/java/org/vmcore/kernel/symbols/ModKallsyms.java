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
  /** SIZE(mod_kallsyms) with pointers of 8 bytes. */
  static final int SIZE = 32;

  /** SIZE(Elf64_Sym). */
  static final int SYM = 24;

  private static final int MAX_COUNT = 1 << 20;

  static ModKallsyms parse(KernelReader in, byte[] bytes, int at) {
    return new ModKallsyms(
        in.int64(bytes, at),
        in.int32(bytes, at + 8) & 0xffff_ffffL,
        in.int64(bytes, at + 16),
        in.int64(bytes, at + 24));
  }

  /** Whether symbols are there, as far as the first one tells, which is empty. */
  boolean isTable(KernelReader in) throws VmcoreException {
    return symtab < 0
        && strtab < 0
        && count >= 1
        && count <= MAX_COUNT
        && isEmpty(in.upTo(symtab, SYM))
        && isEnd(in.upTo(strtab, 1));
  }

  /** The kernel wrote types into st_info and, for a while, st_size. */
  private static boolean isEmpty(byte[] symbol) {
    for (int i = 0; i < SYM - 8 && symbol.length == SYM; i++) {
      if (i != 4 && symbol[i] != 0) {
        return false;
      }
    }
    return symbol.length == SYM;
  }

  private static boolean isEnd(byte[] text) {
    return text.length == 1 && text[0] == 0;
  }
}
