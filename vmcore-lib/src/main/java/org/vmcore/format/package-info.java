/** The on-disk formats of dumps, one file each: what it is told by, and how it opens. */
@NullMarked
package org.vmcore.format;

import org.jspecify.annotations.NullMarked;
