package org.vmcore.debuginfo.modules;

import org.vmcore.debuginfo.elf.ObjectFile;
import org.vmcore.memory.AddressRange;

/**
 * A section of a loaded module.
 *
 * @param name as the module's file had it
 * @param range kernel virtual addresses
 */
record ModuleSection(String name, AddressRange range) {
  /** Larger alignments than this tell nothing. */
  private static final long LARGEST_ALIGNMENT = 64;

  boolean isNote() {
    return name.startsWith(".note");
  }

  /** What kind of section it is, sh_type. */
  int type() {
    return isNote()
        ? ObjectFile.NOTE
        : name.startsWith(".bss") ? ObjectFile.NOBITS : ObjectFile.PROGBITS;
  }

  /** How it is used, sh_flags, as far as its name tells. */
  long flags() {
    if (name.contains("text") || name.startsWith(".plt")) {
      return ObjectFile.ALLOC | ObjectFile.EXECINSTR;
    }
    boolean isData =
        name.startsWith(".data")
            || name.startsWith(".bss")
            || name.startsWith(".exit.data")
            || name.startsWith(".gnu.linkonce.this_module");
    return ObjectFile.ALLOC | (isData ? ObjectFile.WRITE : 0);
  }

  long align() {
    long align = Math.min(Long.lowestOneBit(range.start()), LARGEST_ALIGNMENT);
    return isNote() ? Integer.BYTES : align;
  }
}
