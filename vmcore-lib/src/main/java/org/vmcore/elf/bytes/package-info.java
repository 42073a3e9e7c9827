/**
 * ELF structures as bytes: how the records of {@code elf} are read and written, with the note
 * header, which no user sees.
 *
 * <p>Start with {@link org.vmcore.elf.bytes.ElfReader} and {@link org.vmcore.elf.bytes.ElfWriter};
 * {@link org.vmcore.elf.bytes.NoteReader} decodes the descriptors of notes.
 */
@NullMarked
package org.vmcore.elf.bytes;

import org.jspecify.annotations.NullMarked;
