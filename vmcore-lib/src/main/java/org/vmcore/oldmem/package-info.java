/**
 * Old memory and where its bytes come from: extents of a file, bytes that were made, a running
 * machine, memory of which a part isn't RAM.
 *
 * <p>Start with {@link org.vmcore.oldmem.FileOldMemory}. {@link org.vmcore.oldmem.FileBacked} is
 * old memory that a mapping can share with a file. Pages that have to be decompressed are the
 * matter of {@code format.kdump}.
 */
@NullMarked
package org.vmcore.oldmem;

import org.jspecify.annotations.NullMarked;
