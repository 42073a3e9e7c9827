/**
 * Debug files made of dumps: a vmlinux with symbols and types, for crash, drgn and gdb.
 *
 * <p>Start with {@link org.vmcore.debuginfo.DebugInfo}.
 */
@NullMarked
package org.vmcore.debuginfo;

import org.jspecify.annotations.NullMarked;
