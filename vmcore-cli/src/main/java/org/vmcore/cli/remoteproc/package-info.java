/** {@code vmcore remoteproc}: what a crashed kernel knew of its remote processors. */
@NullMarked
package org.vmcore.cli.remoteproc;

import org.jspecify.annotations.NullMarked;
