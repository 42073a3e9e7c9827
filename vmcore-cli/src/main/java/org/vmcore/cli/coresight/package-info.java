/**
 * The command on what CoreSight devices saved when the kernel panicked: {@link
 * org.vmcore.cli.coresight.CoresightCommand}, with which one starts.
 *
 * <p>What is found, and how, is the library's {@code org.vmcore.coresight}.
 */
@NullMarked
package org.vmcore.cli.coresight;

import org.jspecify.annotations.NullMarked;
