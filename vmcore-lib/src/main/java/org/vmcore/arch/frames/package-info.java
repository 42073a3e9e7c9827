/**
 * What an architecture's stacks are like, as data: {@link org.vmcore.arch.frames.FrameChain}. The
 * unwinder that reads it is in {@code kernel.unwind}.
 */
@NullMarked
package org.vmcore.arch.frames;

import org.jspecify.annotations.NullMarked;
