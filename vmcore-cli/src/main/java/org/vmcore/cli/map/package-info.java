/**
 * A dump's memory as a picture: {@code map}.
 *
 * <p>Start with {@link org.vmcore.cli.map.MapCommand}. {@code Runs} are what is drawn, {@code
 * Strip} cuts them into lines of cells, {@code StripText} and {@code StripSvg} draw these.
 */
@NullMarked
package org.vmcore.cli.map;

import org.jspecify.annotations.NullMarked;
