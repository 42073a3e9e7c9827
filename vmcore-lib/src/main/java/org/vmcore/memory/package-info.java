/**
 * The words that every room speaks: an address space, what is known of its bytes, and what went
 * wrong.
 *
 * <p>A dump is a {@link org.vmcore.memory.Memory}, and so are its physical and its virtual memory:
 * each reads bytes at unsigned 64-bit addresses and tells by an {@link org.vmcore.memory.Extent}
 * whether they are present, excluded, lost or no RAM. {@link org.vmcore.memory.OldMemory} is the
 * crashed kernel's. What was seen while a dump was read is a {@link org.vmcore.memory.Finding};
 * what can't be done is a {@link org.vmcore.memory.VmcoreException}, which names file, offset and
 * reason.
 *
 * <p>How memory lies in files is no matter of this room: see {@code oldmem}.
 *
 * <p>Start with {@link org.vmcore.memory.Memory}. {@link org.vmcore.memory.Chunk} is an entry of
 * the vmcore list, {@link org.vmcore.memory.Mapping} a part of the image that is mapped, {@link
 * org.vmcore.memory.AddressRange} and {@link org.vmcore.memory.PageRange} are ranges as values.
 */
@NullMarked
package org.vmcore.memory;

import org.jspecify.annotations.NullMarked;
