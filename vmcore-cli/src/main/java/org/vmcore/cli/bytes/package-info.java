/**
 * Bytes of a dump's memory on their way out, and what becomes of those that are missing.
 *
 * <p>Start with {@link org.vmcore.cli.bytes.MemoryWalk}, which goes through a range from its first
 * byte to its last; {@link org.vmcore.cli.bytes.HexDump} and {@link org.vmcore.cli.bytes.RawOutput}
 * print what it meets. {@link org.vmcore.cli.bytes.CString} is read up to its NUL. All of them
 * count in {@link org.vmcore.cli.bytes.Missing} what they couldn't have, which says so on stderr
 * and gives the exit status.
 *
 * <p>Where to read is decided by options and commands.
 */
@NullMarked
package org.vmcore.cli.bytes;

import org.jspecify.annotations.NullMarked;
