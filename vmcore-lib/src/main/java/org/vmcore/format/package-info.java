/**
 * The formats that dumps come in, each in a room of its own below this one: {@code elf}, {@code
 * kdump}, {@code lime}, {@code raw}, and {@code oldmem} for RAM with crash headers in it.
 *
 * <p>Start with {@link org.vmcore.format.Formats}, the list of those that are probed.
 */
@NullMarked
package org.vmcore.format;

import org.jspecify.annotations.NullMarked;
