/**
 * Compressed files, unpacked from their first byte to their last, or to where they are damaged:
 * gzip, zlib, zstd, xz, bzip2, lz4.
 *
 * <p>Start with {@link org.vmcore.envelope.packed.Packing}, which knows a file by its first bytes,
 * and {@link org.vmcore.envelope.packed.Unpacker}. Where the bytes go is no matter of this room.
 */
@NullMarked
package org.vmcore.envelope.packed;

import org.jspecify.annotations.NullMarked;
