/**
 * The vmcore list: header, device dumps, merged notes, and for each PT_LOAD its whole and
 * fractional pages, read and mapped as /proc/vmcore shows them.
 *
 * <p>{@link org.vmcore.image.Image} is the list; it is made of crash headers and old memory alone
 * and knows no format. {@link org.vmcore.image.Mapper} maps parts of it.
 *
 * <p>Start reading with {@code Piece}: one entry of the list, and all that can be asked of it.
 * {@code Layout} gives each its place, {@code Loads} keeps the PT_LOADs' as a few numbers and makes
 * their pieces when they are asked for, and {@code Pieces} finds the one that lies at an offset.
 */
@NullMarked
package org.vmcore.image;

import org.jspecify.annotations.NullMarked;
