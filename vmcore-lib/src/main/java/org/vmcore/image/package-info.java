/**
 * The vmcore list: header, merged notes, and for each PT_LOAD its OLDMEM and BUFFER chunks; read at
 * any offset, or mapped as one range.
 *
 * <p>{@link org.vmcore.image.Image} is the list, {@link org.vmcore.image.Mapping} a mapped part of
 * it.
 *
 * <p>Start reading with {@code Piece}: one entry of the list, and all that can be asked of it.
 * {@code Layout} gives each its place, {@code Loads} keeps the PT_LOADs' as a few numbers and makes
 * their pieces when they are asked for, and {@code Pieces} finds the one that lies at an offset.
 */
@NullMarked
package org.vmcore.image;

import org.jspecify.annotations.NullMarked;
