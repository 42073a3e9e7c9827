package org.vmcore.kernel.walks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.types.StructType;
import org.vmcore.memory.VmcoreException;

/**
 * Goes over what the kernel links together. What is damaged or can't be read is left out, and told
 * as a finding; each method throws a {@link VmcoreException} when the dump is closed or its file
 * fails, or when nothing tells of the types that are needed.
 *
 * {@snippet :
 * Walks walks = Walks.of(kernel.objects());
 * Walked modules = walks.walk(WalkKind.LIST, kernel.objects().address("modules"), 1000);
 * for (KernelObject module : walks.objects(modules, "module", "list")) {
 *   print(module.text("name"));
 * }
 * }
 */
public final class Walks {
  /** The most that one walk gives. */
  public static final int MAX_LINKS = 1 << 20;

  private final KernelObjects objects;

  private Walks(KernelObjects objects) {
    this.objects = objects;
  }

  public static Walks of(KernelObjects objects) {
    return new Walks(objects);
  }

  /**
   * What the head at {@code head} leads to, in order.
   *
   * @param most how many are wanted, {@link #MAX_LINKS} at the most
   */
  public Walked walk(WalkKind kind, long head, int most) throws VmcoreException {
    Links links = new Links(Math.clamp(most, 0, MAX_LINKS));
    walk(kind, head, 0, links);
    return links.walked();
  }

  /**
   * What {@code head} leads to: its type tells how, and that of an idr what the indexes begin with.
   *
   * @throws VmcoreException when its type is no head's
   */
  public Walked walk(KernelObject head, int most) throws VmcoreException {
    Optional<WalkKind> kind = WalkKind.ofHead(head.type());
    if (kind.isEmpty()) {
      throw objects.missing("way to go over a " + head.type().name());
    }
    Links links = new Links(Math.clamp(most, 0, MAX_LINKS));
    boolean isIdr = head.type().plain() instanceof StructType struct && struct.tag().equals("idr");
    long base = isIdr && head.has("idr_base") ? head.number("idr_base") : 0;
    walk(kind.get(), isIdr ? head.get("idr_rt").address() : head.address(), base, links);
    return links.walked();
  }

  private void walk(WalkKind kind, long head, long base, Links out) throws VmcoreException {
    KernelReader in = objects.reader();
    switch (kind) {
      case LIST -> new ListWalk(in, head, out).walk(false);
      case HLIST -> new ChainWalk(in, true, out).walk(head);
      case LLIST -> new ChainWalk(in, false, out).walk(head);
      case RBTREE -> new RbtreeWalk(objects, out).walk(head);
      case XARRAY, RADIX_TREE -> new XarrayWalk(objects, out).walk(head + entries(), base);
      case MAPLE_TREE -> new MapleWalk(objects, out).walk(head);
    }
  }

  /** Where an array's head has its first word. */
  private long entries() throws VmcoreException {
    return objects.has("xarray", "xa_head")
        ? objects.offset("xarray", "xa_head")
        : objects.offset("radix_tree_root", "rnode", "xa_head");
  }

  /** The same list from its end to its start. */
  public Walked backwards(long head, int most) throws VmcoreException {
    Links links = new Links(Math.clamp(most, 0, MAX_LINKS));
    new ListWalk(objects.reader(), head, links).walk(true);
    return links.walked();
  }

  /** Whether a list_head at {@code address} is one of a ring, as far as its neighbours tell. */
  public boolean isInList(long address) throws VmcoreException {
    return ListWalk.isIn(objects.reader(), address);
  }

  /**
   * The objects of which the links are the member {@code member}.
   *
   * @throws VmcoreException when the type has no such member
   */
  public List<KernelObject> objects(Walked walked, String type, String member)
      throws VmcoreException {
    long offset = objects.offset(type, member);
    List<KernelObject> found = new ArrayList<>();
    for (Link link : walked.links()) {
      found.add(objects.at(link.address() - offset, type));
    }
    return found;
  }
}
