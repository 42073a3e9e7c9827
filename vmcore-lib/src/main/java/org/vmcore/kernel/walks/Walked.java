package org.vmcore.kernel.walks;

import java.util.List;
import org.vmcore.memory.Finding;

/**
 * What a walk found.
 *
 * @param links in their order
 * @param isMore whether there are more than were asked for
 * @param findings where something is damaged or can't be read: an error where it is lost
 */
public record Walked(List<Link> links, boolean isMore, List<Finding> findings) {}
