/**
 * What is somewhere in a dump's memory: {@code search}.
 *
 * <p>Start with {@link org.vmcore.cli.find.SearchCommand}. {@code Sought} is what the command line
 * asks for, {@code Hits} tells where what was found is, {@code Surroundings} what stands around it.
 *
 * <p>The search itself is the library's.
 */
@NullMarked
package org.vmcore.cli.find;

import org.jspecify.annotations.NullMarked;
