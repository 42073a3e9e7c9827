/**
 * The vmcore list: header, device dumps, merged notes, and for each PT_LOAD its whole and
 * fractional pages, read and mapped as /proc/vmcore shows them.
 *
 * <p>Start with {@link org.vmcore.image.Image}. It is made of crash headers and old memory alone
 * and knows no format.
 */
@NullMarked
package org.vmcore.image;

import org.jspecify.annotations.NullMarked;
