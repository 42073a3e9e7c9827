/**
 * ELF core files of memory: a saved /proc/vmcore, makedumpfile's -E, QEMU's.
 *
 * <p>Start with {@link org.vmcore.format.elf.ElfFormat}. Their headers are read as leniently as
 * writers are careless, and given addresses in an old memory of their own.
 */
@NullMarked
package org.vmcore.format.elf;

import org.jspecify.annotations.NullMarked;
