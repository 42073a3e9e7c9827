package org.vmcore.kernel.symbols;

/**
 * A module of the kernel.
 *
 * @param name as {@code lsmod} shows it
 * @param address of its {@code struct module}
 * @param state {@code module.state}: 0 live, 1 coming, 2 going, 3 unformed
 */
public record KernelModule(String name, long address, int state) {}
