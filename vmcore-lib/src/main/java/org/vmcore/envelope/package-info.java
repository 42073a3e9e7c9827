/**
 * What a dump may be wrapped in: flattened, compressed. Each gives a byte source in which the
 * format is probed again.
 *
 * <p>Start with {@link org.vmcore.envelope.Envelopes}. Flattened files and zstd files of frames
 * that can be unpacked one by one are read where they lie; the others are unpacked to a spill file,
 * a temporary one without a name. An envelope knows nothing of dumps.
 */
@NullMarked
package org.vmcore.envelope;

import org.jspecify.annotations.NullMarked;
