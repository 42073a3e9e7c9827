/**
 * DWARF made of a kernel's BTF.
 *
 * <p>Start with {@link org.vmcore.debuginfo.dwarf.Dwarf}, which makes {@link
 * org.vmcore.debuginfo.dwarf.DebugSections}; what its entries are is in {@code TypeUnit}. The ELF
 * file that has these sections isn't written here.
 */
@NullMarked
package org.vmcore.debuginfo.dwarf;

import org.jspecify.annotations.NullMarked;
