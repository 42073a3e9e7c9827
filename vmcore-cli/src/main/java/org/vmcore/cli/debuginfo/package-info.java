/**
 * A vmlinux made of a dump: {@code debuginfo}.
 *
 * <p>Start with {@link org.vmcore.cli.debuginfo.DebuginfoCommand}.
 */
@NullMarked
package org.vmcore.cli.debuginfo;

import org.jspecify.annotations.NullMarked;
