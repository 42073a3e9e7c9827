package org.vmcore.debuginfo.terms;

/**
 * A well-known variable that has no type in a debug file.
 *
 * @param name its symbol
 * @param reason why, in one line
 */
public record LeftOut(String name, String reason) {}
