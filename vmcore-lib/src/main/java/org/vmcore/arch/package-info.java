/**
 * Architectures: all in which one differs from the other. Their numbers and names, registers, page
 * tables, the places of the kernel's image and of the direct map, and how the crash kernel finds
 * its headers.
 *
 * <p>Nothing is read or searched here: {@code mmu} walks page tables and finds their root, {@code
 * prepare} makes crash headers. Other packages compare architectures only where one needs code of
 * its own there: the unwinders of x86_64 and arm64, gdb's registers, debuginfo's files.
 *
 * <p>Start with {@link org.vmcore.arch.Architecture}. A new one is a class beside {@link
 * org.vmcore.arch.X86_64}, with a {@link org.vmcore.arch.paging.Paging} of its own, and a line in
 * {@link org.vmcore.arch.Architectures#ALL}. {@link org.vmcore.arch.Machine} has the numbers and
 * names of all machines, those too of which nothing else is known; {@link
 * org.vmcore.arch.KernelMachine} decides which one a dump is of.
 */
@NullMarked
package org.vmcore.arch;

import org.jspecify.annotations.NullMarked;
