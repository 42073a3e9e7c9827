/**
 * A crashed kernel as a target of gdb: its remote serial protocol, read-only.
 *
 * <p>{@link org.vmcore.gdb.remote.GdbStub} serves a client over any two streams. Packets come from
 * whoever is at the other end: whatever they hold, they cost bounded memory and one answer.
 */
@NullMarked
package org.vmcore.gdb.remote;

import org.jspecify.annotations.NullMarked;
