/**
 * ELF records and notes, of both classes and byte orders.
 *
 * <p>{@link org.vmcore.elf.ElfHeader} and {@link org.vmcore.elf.ProgramHeader} are what stands in a
 * file, {@link org.vmcore.elf.Note} is one note of a vmcore and {@link org.vmcore.elf.VmcoreInfo} a
 * typed view of the most telling one.
 */
@NullMarked
package org.vmcore.elf;

import org.jspecify.annotations.NullMarked;
