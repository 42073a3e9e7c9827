/**
 * ELF records and notes as a vmcore has them, of both word sizes and byte orders, and VMCOREINFO as
 * a typed view of its text. One record for each on-disk structure, with its fields in on-disk
 * order.
 *
 * <p>Start with {@link org.vmcore.elf.ProgramHeader} and {@link org.vmcore.elf.Note}. How these
 * records are read and written as bytes is the matter of {@code elf.bytes}.
 */
@NullMarked
package org.vmcore.elf;

import org.jspecify.annotations.NullMarked;
