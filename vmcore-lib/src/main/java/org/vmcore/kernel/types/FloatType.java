package org.vmcore.kernel.types;

/**
 * A floating-point number.
 *
 * @param keyword its name: {@code double}
 * @param size in bytes
 */
public record FloatType(String keyword, long size) implements Type {}
