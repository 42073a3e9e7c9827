/**
 * RAM images without crash headers: these are made from the ranges of its RAM and the VMCOREINFO
 * note that is found in it. Start with {@link org.vmcore.format.raw.RamDump}.
 */
@NullMarked
package org.vmcore.format.raw;

import org.jspecify.annotations.NullMarked;
