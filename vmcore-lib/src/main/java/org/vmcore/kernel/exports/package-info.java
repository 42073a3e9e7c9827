/**
 * The symbols that a kernel exports to its modules, found in its memory: {@code __ksymtab} and
 * {@code __ksymtab_gpl}. Where kallsyms has functions alone they are what is known of data.
 */
@NullMarked
package org.vmcore.kernel.exports;

import org.jspecify.annotations.NullMarked;
