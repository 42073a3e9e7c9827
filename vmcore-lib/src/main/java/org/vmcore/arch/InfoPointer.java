package org.vmcore.arch;

import java.nio.ByteOrder;

/**
 * A word of 64 bits at a fixed place in which a kernel keeps the physical address of its VMCOREINFO
 * note, for dump tools that know nothing else of it.
 *
 * @param paddr where the word is: physical
 * @param order the kernel's byte order
 */
public record InfoPointer(long paddr, ByteOrder order) {}
