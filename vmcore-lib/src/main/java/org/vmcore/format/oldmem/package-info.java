/**
 * A crashed machine's RAM with crash headers in it, or beside it: what /proc/vmcore is built from.
 * Start with {@link org.vmcore.format.oldmem.RamImages}.
 */
@NullMarked
package org.vmcore.format.oldmem;

import org.jspecify.annotations.NullMarked;
