/**
 * Trace buffers of CoreSight that a kernel saved when it panicked: in a list of nodes, or in memory
 * that was reserved for them.
 *
 * <p>Decoding a trace isn't here: {@link org.vmcore.coresight.TraceSnapshot} writes down what a
 * decoder asks for. Start with {@link org.vmcore.coresight.PanicDumps}. Facts: FORMATS.md, the
 * section on CoreSight.
 */
@NullMarked
package org.vmcore.coresight;

import org.jspecify.annotations.NullMarked;
