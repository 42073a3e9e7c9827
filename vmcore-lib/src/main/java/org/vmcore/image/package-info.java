/**
 * The vmcore list: header, merged notes, and for each PT_LOAD its OLDMEM and BUFFER chunks; read at
 * any offset, or mapped as one range.
 *
 * <p>{@link org.vmcore.image.Image} is the list, {@link org.vmcore.image.Mapping} a mapped part of
 * it.
 */
@NullMarked
package org.vmcore.image;

import org.jspecify.annotations.NullMarked;
