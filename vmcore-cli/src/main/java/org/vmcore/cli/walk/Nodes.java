package org.vmcore.cli.walk;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.types.Type;
import org.vmcore.kernel.walks.Link;
import org.vmcore.kernel.walks.WalkKind;
import org.vmcore.kernel.walks.Walked;
import org.vmcore.kernel.walks.Walks;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/** What lists or trees were found to hold. */
final class Nodes {
  private final ListQuestion asked;
  private final KernelObjects objects;
  private final Walks walks;
  private final Optional<Type> type;
  private final List<Node> all = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private Optional<WalkKind> kind = Optional.empty();
  private boolean isMore;

  private Nodes(ListQuestion asked, KernelObjects objects) throws VmcoreException {
    this.asked = asked;
    this.objects = objects;
    this.walks = Walks.of(objects);
    this.type =
        asked.type().isPresent() ? Optional.of(objects.type(asked.type().get())) : Optional.empty();
  }

  static Nodes of(ListQuestion asked, Kernel kernel, Vmcore vmcore) throws VmcoreException {
    Nodes nodes = new Nodes(asked, kernel.objects());
    for (Heads.Head head : new Heads(kernel, vmcore, asked).find()) {
      nodes.add(head);
    }
    if (asked.isReversed() && nodes.kind.filter(WalkKind.LIST::equals).isEmpty()) {
      Collections.reverse(nodes.all);
    }
    return nodes;
  }

  private void add(Heads.Head head) throws VmcoreException {
    Linking linking = Linking.of(asked, head, objects);
    kind = Optional.of(linking.kind());
    int left = asked.limit() - all.size();
    if (left <= 0) {
      isMore = true;
      return;
    }
    long start = head.address();
    if (isMember(head, linking)) {
      start += linking.offset();
      all.add(new Node(Link.ofNode(start), head.cpu(), linking.offset()));
      left--;
    }
    Walked walked = walk(head, start, linking, left);
    for (Link link : walked.links()) {
      all.add(new Node(link, head.cpu(), linking.offset()));
    }
    isMore |= walked.isMore();
    findings.addAll(walked.findings());
  }

  /** Whether the place is an object in the ring, and not the head of a ring. */
  private boolean isMember(Heads.Head head, Linking linking) throws VmcoreException {
    return head.object().isEmpty()
        && linking.kind() == WalkKind.LIST
        && linking.offset() != 0
        && !walks.isInList(head.address())
        && walks.isInList(head.address() + linking.offset());
  }

  private Walked walk(Heads.Head head, long start, Linking linking, int most)
      throws VmcoreException {
    if (linking.kind() == WalkKind.LIST && asked.isReversed()) {
      return walks.backwards(start, most);
    }
    boolean isTyped = head.object().isPresent() && asked.kind().isEmpty();
    return isTyped
        ? walks.walk(head.object().get(), most)
        : walks.walk(linking.kind(), start, most);
  }

  /** The object of {@code node}; empty where no type is asked for, or the array has a number. */
  Optional<KernelObject> object(Node node) {
    return type.isEmpty() ? Optional.empty() : node.object(objects, type.get());
  }

  List<Node> all() {
    return all;
  }

  /** How they are linked. */
  Optional<WalkKind> kind() {
    return kind;
  }

  /** Whether there are more than the limit. */
  boolean isMore() {
    return isMore;
  }

  /** What couldn't be followed. */
  List<Finding> findings() {
    return findings;
  }
}
