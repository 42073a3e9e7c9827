/**
 * The fuzz of the whole command line: good files of every format are bent where their structure is,
 * and commands are run on them with any options.
 *
 * <p>It knows no command: {@code CommandFuzzTest} gives it what runs one, and the seeds. Start with
 * {@link org.vmcore.cli.fuzz.Fuzzing}. How it is run says FUZZING.md of the library.
 */
@NullMarked
package org.vmcore.cli.fuzz;

import org.jspecify.annotations.NullMarked;
