/**
 * The first look at a dump: what it is, what is damaged, and which kernel it holds.
 *
 * <p>Start with {@link org.vmcore.cli.info.InfoCommand}.
 */
@NullMarked
package org.vmcore.cli.info;

import org.jspecify.annotations.NullMarked;
