/**
 * The ELF file of a kernel that is made of a dump, written from its first byte to its last.
 *
 * <p>Start with {@link org.vmcore.debuginfo.elf.KernelFile}. What debuggers must find in it is in
 * FORMATS.md.
 */
@NullMarked
package org.vmcore.debuginfo.elf;

import org.jspecify.annotations.NullMarked;
