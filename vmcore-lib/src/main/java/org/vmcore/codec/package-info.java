/**
 * Compression and decompression of the pages of kdump-compressed dumps.
 *
 * <p>Start with {@link org.vmcore.codec.Decompressor}, {@link org.vmcore.codec.Compressor} and
 * {@link org.vmcore.codec.Compression}.
 */
@NullMarked
package org.vmcore.codec;

import org.jspecify.annotations.NullMarked;
