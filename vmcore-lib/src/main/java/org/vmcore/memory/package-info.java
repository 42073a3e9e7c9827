/**
 * Address spaces: physical, virtual, and the offsets of an image, all behind {@link
 * org.vmcore.memory.Memory}; what is in them, in {@link org.vmcore.memory.Extent}s; and the crashed
 * kernel's memory, {@link org.vmcore.memory.OldMemory}.
 */
@NullMarked
package org.vmcore.memory;

import org.jspecify.annotations.NullMarked;
