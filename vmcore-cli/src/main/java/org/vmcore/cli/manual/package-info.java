/**
 * What the command line is to other programs: man pages, and scripts by which shells complete what
 * is typed.
 *
 * <p>All of it is made of the commands' own options. {@link org.vmcore.cli.manual.Offer} says what
 * may stand in a place; {@code Bash}, {@code Zsh} and {@code Fish} write that down for their shell,
 * {@code ManPage} for man.
 */
@NullMarked
package org.vmcore.cli.manual;

import org.jspecify.annotations.NullMarked;
