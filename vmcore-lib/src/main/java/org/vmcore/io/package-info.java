/**
 * Files that are read: byte sources, mapped where the system can do it and read piece by piece
 * where it can't, and a cursor over their bytes.
 *
 * <p>Start with {@link org.vmcore.io.ByteSource}. {@link org.vmcore.io.Cursor} checks every number
 * that is taken out of a file against the bytes there are; {@link org.vmcore.io.Faults} says what
 * becomes of a mapped file that shrinks. What is wrapped around a file is the matter of {@code
 * envelope}, how files are written that of {@code output}.
 */
@NullMarked
package org.vmcore.io;

import org.jspecify.annotations.NullMarked;
