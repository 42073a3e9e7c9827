/**
 * Address space laid out by hand: pieces of files and copied pages side by side in one contiguous
 * range, through the foreign function API.
 *
 * <p>Start with {@link org.vmcore.mapping.Reservation}. It knows files, offsets and page sizes of
 * the host, and nothing of dumps; what is to be mapped where is planned in {@code image}.
 */
@NullMarked
package org.vmcore.mapping;

import org.jspecify.annotations.NullMarked;
