package org.vmcore.kernel.walks;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.vmcore.kernel.reading.Unreadable;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/** What a walk has found so far, and how much it may still. */
final class Links {
  /** More damages than this are only counted. */
  private static final int MAX_FINDINGS = 8;

  private static final String CHECK = "links";

  private final List<Link> links = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final int most;
  private boolean isMore;
  private int unsaid;

  Links(int most) {
    this.most = most;
  }

  /** Takes a link; gives whether more are wanted. */
  boolean add(Link link) {
    if (links.size() == most) {
      isMore = true;
      return false;
    }
    return links.add(link);
  }

  /** The addresses of all so far. */
  Set<Long> addresses() {
    Set<Long> addresses = new HashSet<>();
    for (Link each : links) {
      addresses.add(each.address());
    }
    return addresses;
  }

  int count() {
    return links.size();
  }

  /** Something can't be followed. */
  void torn(String what, VmcoreException why) {
    boolean isLoss = !(why instanceof Unreadable unreadable) || isLost(unreadable.state());
    torn(what + ": " + why.reason(), isLoss ? Severity.ERROR : Severity.WARNING);
  }

  private static boolean isLost(PageState state) {
    return state == PageState.LOST;
  }

  private void torn(String message, Severity severity) {
    if (findings.size() < MAX_FINDINGS) {
      findings.add(new Finding(CHECK, severity, OptionalLong.empty(), message));
    } else {
      unsaid++;
    }
  }

  /** Those from {@code from} on, in the other order. */
  void reverse(int from) {
    List<Link> behind = links.subList(from, links.size());
    List<Link> reversed = behind.reversed();
    List<Link> copy = new ArrayList<>(reversed);
    behind.clear();
    links.addAll(copy);
  }

  Walked walked() {
    if (unsaid > 0) {
      String more = unsaid + " more places are damaged or can't be read";
      findings.add(new Finding(CHECK, Severity.WARNING, OptionalLong.empty(), more));
    }
    return new Walked(List.copyOf(links), isMore, List.copyOf(findings));
  }
}
