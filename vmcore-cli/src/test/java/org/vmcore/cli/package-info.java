/**
 * Tests of the command line, one class for each command, and of what all commands share.
 *
 * <p>More than 25 files stand in this one folder: each command's tests run the whole command, from
 * its words to its output, whichever room it is in. Start with {@code Run}, which runs one.
 */
@NullMarked
package org.vmcore.cli;

import org.jspecify.annotations.NullMarked;
