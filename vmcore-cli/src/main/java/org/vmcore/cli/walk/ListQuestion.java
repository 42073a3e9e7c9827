package org.vmcore.cli.walk;

import java.util.List;
import java.util.Optional;
import org.vmcore.kernel.walks.WalkKind;

/**
 * What is asked for.
 *
 * @param place a symbol or an address
 * @param type of the objects that are linked; empty when only their nodes are asked for
 * @param member the node in such an object; empty when it has but one
 * @param show the members that are printed
 */
record ListQuestion(
    String place,
    Optional<Cpus> cpus,
    Optional<HeadPath> head,
    Optional<WalkKind> kind,
    Optional<String> type,
    Optional<String> member,
    List<String> show,
    int limit,
    boolean isReversed) {}
