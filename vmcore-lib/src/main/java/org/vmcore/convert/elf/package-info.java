/**
 * Dumps written as ELF: program headers made anew, with what is left out cut out of them.
 *
 * <p>Start with {@link org.vmcore.convert.elf.ElfDump}. Which pages are kept is decided elsewhere.
 */
@NullMarked
package org.vmcore.convert.elf;

import org.jspecify.annotations.NullMarked;
