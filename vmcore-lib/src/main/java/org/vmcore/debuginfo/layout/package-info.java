/**
 * Where a kernel's image, its sections and its symbols lie in a debug file that is made of a dump.
 *
 * <p>Start with {@link org.vmcore.debuginfo.layout.KernelLayout}. No bytes of the file are here.
 */
@NullMarked
package org.vmcore.debuginfo.layout;

import org.jspecify.annotations.NullMarked;
