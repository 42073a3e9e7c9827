/**
 * Makes dumps for tests and samples: {@link org.vmcore.testing.DumpBuilder} an ELF dump in a few
 * lines, {@link org.vmcore.testing.KdumpBuilder} a kdump-compressed one, {@link
 * org.vmcore.testing.CountingMemory} old memory that remembers who read what. And says what must
 * hold of them: {@link org.vmcore.testing.VmcoreAssertions}, {@link org.vmcore.testing.VmcoreFile}.
 *
 * <p>More than 25 files stand in this one folder: other modules' tests take them from one package.
 */
@NullMarked
package org.vmcore.testing;

import org.jspecify.annotations.NullMarked;
