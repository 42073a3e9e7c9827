package org.vmcore.elf;

/**
 * A CPU register.
 *
 * @param name in lower case, as the kernel's {@code struct pt_regs} or {@code user_regs_struct} has
 *     it
 * @param value its bits
 */
public record Register(String name, long value) {}
