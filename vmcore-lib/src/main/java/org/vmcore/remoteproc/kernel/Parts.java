package org.vmcore.remoteproc.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.Gap;
import org.vmcore.kernel.walks.Link;
import org.vmcore.kernel.walks.WalkKind;
import org.vmcore.kernel.walks.Walked;
import org.vmcore.kernel.walks.Walks;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.memory.VmcoreException;

/** Goes over the lists that a remote processor is the head of, and keeps what breaks off. */
final class Parts {
  static final String CHECK = "remoteproc";

  /** In all lists together: a list may lead into the same memory as thousands of others. */
  private static final int MOST = 1 << 18;

  private final KernelObjects objects;
  private final Walks walks;
  private final Gaps gaps = new Gaps();
  private final int most;
  private int left;

  Parts(KernelObjects objects) {
    this(objects, MOST);
  }

  /** Of {@code most} entries in all lists together. */
  Parts(KernelObjects objects, int most) {
    this.most = most;
    this.left = most;
    this.objects = objects;
    this.walks = Walks.of(objects);
  }

  /** Reads one entry of a list. */
  @FunctionalInterface
  interface Reader<T> {
    T at(long address) throws VmcoreException;
  }

  /**
   * The entries of the list at {@code head}, as far as they can be read.
   *
   * @param whose they are, for what can't be had
   */
  <T> List<T> of(String whose, long head, String type, String node, Reader<T> reader)
      throws VmcoreException {
    List<T> entries = new ArrayList<>();
    for (long address : addresses(whose, head, objects.offset(type, node))) {
      try {
        entries.add(reader.at(address));
      } catch (VmcoreException e) {
        gaps.add(Gap.of(CHECK, whose, e));
      }
    }
    return entries;
  }

  /**
   * What a list has.
   *
   * @param addresses of its objects, kernel virtual
   * @param damage where it can't be followed
   */
  record Entries(List<Long> addresses, List<Finding> damage) {}

  /** The addresses of the objects in the list at {@code head} whose node lies at {@code node}. */
  List<Long> addresses(String whose, long head, long node) throws VmcoreException {
    Entries entries = entries(head, node);
    add(whose, entries.damage());
    return entries.addresses();
  }

  /** The same, without a word on where it can't be followed. */
  Entries entries(long head, long node) throws VmcoreException {
    Walked walked = walks.walk(WalkKind.LIST, head, left);
    left -= walked.links().size();
    List<Long> addresses = new ArrayList<>();
    for (Link link : walked.links()) {
      addresses.add(link.address() - node);
    }
    List<Finding> damage = new ArrayList<>(walked.findings());
    if (walked.isMore()) {
      String line = "all lists have more than " + most + " entries: the others are left out";
      damage.add(error(line));
    }
    return new Entries(addresses, damage);
  }

  /** Takes gaps of something. */
  void add(String whose, List<Finding> findings) {
    for (Finding each : findings) {
      gaps.add(new Finding(CHECK, each.severity(), each.offset(), whose + ": " + each.message()));
    }
  }

  void add(Finding gap) {
    gaps.add(gap);
  }

  /** Something that is lost. */
  static Finding error(String line) {
    return new Finding(CHECK, Severity.ERROR, OptionalLong.empty(), line);
  }

  /** Something worth knowing that is no loss. */
  static Finding warning(String line) {
    return new Finding(CHECK, Severity.WARNING, OptionalLong.empty(), line);
  }

  /** What couldn't be had so far. */
  List<Finding> gaps() {
    return gaps.told();
  }
}
