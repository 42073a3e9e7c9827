/** {@code vmcore list}: what the kernel links together. */
@NullMarked
package org.vmcore.cli.walk;

import org.jspecify.annotations.NullMarked;
