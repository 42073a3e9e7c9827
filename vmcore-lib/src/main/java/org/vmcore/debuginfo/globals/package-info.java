/**
 * The types of variables that BTF doesn't tell of: a table of the well-known ones, checked against
 * the kernel's own types and symbols.
 *
 * <p>Start with {@link org.vmcore.debuginfo.globals.Globals}; the table is {@code globals.txt}.
 */
@NullMarked
package org.vmcore.debuginfo.globals;

import org.jspecify.annotations.NullMarked;
