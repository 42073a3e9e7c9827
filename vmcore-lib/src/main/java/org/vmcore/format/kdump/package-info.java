/**
 * Kdump-compressed dumps, versions 1 to 6, whole and split: what makedumpfile writes by default.
 *
 * <p>Start with {@link org.vmcore.format.kdump.KdumpFormat}. Headers, bitmaps and page descriptors
 * are read as they are needed: the bitmaps stay in the file behind an index of ranks, pages are
 * decompressed when they are read.
 *
 * <p>It has more than 25 files, for all of one on-disk format is to be found in one room.
 */
@NullMarked
package org.vmcore.format.kdump;

import org.jspecify.annotations.NullMarked;
