package org.vmcore.convert.essential;

/**
 * Page frames in a row that no dump can do without.
 *
 * @param kind what they hold
 * @param from the first one
 * @param to the one behind the last
 */
public record EssentialRange(EssentialKind kind, long from, long to) {}
