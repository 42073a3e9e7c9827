/**
 * Stacks as text and as JSON, and the command that prints them. Other commands that show a stack do
 * it by this, too. Start with {@link org.vmcore.cli.stack.BtCommand}.
 */
@NullMarked
package org.vmcore.cli.stack;

import org.jspecify.annotations.NullMarked;
