/** The commands on remote processors, and on the dumps of devices. */
@NullMarked
package org.vmcore.cli.remoteproc;

import org.jspecify.annotations.NullMarked;
