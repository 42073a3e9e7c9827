package org.vmcore.kernel.unwind;

import java.util.OptionalLong;
import java.util.Set;

/**
 * What of a {@code FrameChain} depends on the kernel: offsets in bytes, and addresses.
 *
 * @param next of a frame, from what its register points to
 * @param returnAddress of a frame, from its own or its caller's register
 * @param leafNext of a frame that has no return address
 * @param ptRegsStart where in struct pt_regs the registers begin
 * @param ptRegsSize of struct pt_regs
 * @param behindLast how far behind the last frame registers lie; empty where there are none
 * @param embedded where in struct pt_regs a frame lies; empty where none does
 * @param signature the bits of a return address in which there may be a signature
 * @param handlers the functions whose frame is registers
 * @param ends the functions that nothing called
 */
public record ChainLayout(
    long next,
    long returnAddress,
    long leafNext,
    long ptRegsStart,
    long ptRegsSize,
    OptionalLong behindLast,
    OptionalLong embedded,
    long signature,
    Set<Long> handlers,
    Set<Long> ends) {}
