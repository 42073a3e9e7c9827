/**
 * What all tables of symbols have in common: patterns of names, the search for the nearest address,
 * what is said where something can't be had.
 */
@NullMarked
package org.vmcore.kernel.names;

import org.jspecify.annotations.NullMarked;
