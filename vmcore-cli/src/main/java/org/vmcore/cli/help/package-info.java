/**
 * What the command line says of itself: help in sections, and what it is that a value may be, for
 * shells to offer.
 */
@NullMarked
package org.vmcore.cli.help;

import org.jspecify.annotations.NullMarked;
