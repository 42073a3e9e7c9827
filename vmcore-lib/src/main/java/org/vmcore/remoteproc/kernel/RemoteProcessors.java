package org.vmcore.remoteproc.kernel;

import java.util.List;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.types.Types;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * The remote processors of a crashed kernel, the last one registered first.
 *
 * {@snippet :
 * RemoteProcessors remote = RemoteProcessors.of(vmcore, Kernel.of(vmcore));
 * for (RemoteProcessor rproc : remote.all()) {
 *   print(rproc.device(), rproc.state(), rproc.ghosts());
 *   for (PendingCoredump pending : rproc.coredumps()) {
 *     CoredumpImage image = remote.image(rproc, pending);
 *     image.memory().read(image.start(), bytes);
 *   }
 * }
 * }
 */
public final class RemoteProcessors {
  private static final String NO_TYPE =
      "the kernel has no remote processors: its types have no struct rproc";
  private static final String NO_LIST =
      "nothing tells where rproc_list is: --list ADDR, or --system-map FILE";

  private final CoredumpImages images;
  private final List<RemoteProcessor> all;
  private final List<Finding> gaps;
  private final String absence;

  private RemoteProcessors(
      CoredumpImages images, List<RemoteProcessor> all, List<Finding> gaps, String absence) {
    this.images = images;
    this.all = List.copyOf(all);
    this.gaps = List.copyOf(gaps);
    this.absence = absence;
  }

  /**
   * Those of the kernel that {@code vmcore} is of. For ghosts all of its memory is searched, as far
   * as {@link Vmcore#search} allows, when there is a remote processor.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public static RemoteProcessors of(Vmcore vmcore, Kernel kernel) throws VmcoreException {
    return of(vmcore, kernel, OptionalLong.empty());
  }

  /**
   * Those in the list whose head is at {@code list}, a kernel virtual address.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public static RemoteProcessors of(Vmcore vmcore, Kernel kernel, long list)
      throws VmcoreException {
    return of(vmcore, kernel, OptionalLong.of(list));
  }

  private static RemoteProcessors of(Vmcore vmcore, Kernel kernel, OptionalLong list)
      throws VmcoreException {
    KernelObjects objects = kernel.objects();
    CoredumpImages images = new CoredumpImages(vmcore, objects);
    if (!objects.has("rproc", "dev") || !objects.has("rproc", "node")) {
      boolean isKnown = kernel.types().origin() != Types.Origin.VMCOREINFO;
      String absence = isKnown ? NO_TYPE : "nothing tells of the kernel's types";
      return new RemoteProcessors(images, List.of(), kernel.types().gaps(), absence);
    }
    Parts parts = new Parts(objects);
    ProcessorSearch search = new ProcessorSearch(vmcore, objects, parts);
    List<RemoteProcessor> all = search.read(list);
    String absence = search.isUnknown() ? NO_LIST : "no remote processors";
    return new RemoteProcessors(images, all, parts.gaps(), absence);
  }

  /** All of them, as far as they can be read. */
  public List<RemoteProcessor> all() {
    return all;
  }

  /** What couldn't be had: an error where it is lost. */
  public List<Finding> gaps() {
    return gaps;
  }

  /** Why there are none, in a line, where there are none. */
  public String absence() {
    return absence;
  }

  /**
   * The bytes of a coredump of {@code rproc}.
   *
   * @throws VmcoreException with the coredump's name when it is larger than the machine's memory
   *     or, where it is inline, than 4 GiB; when it is kept in another way than remoteproc's, or
   *     its first bytes can't be read; when the dump is closed, or its file fails
   */
  public CoredumpImage image(RemoteProcessor rproc, PendingCoredump coredump)
      throws VmcoreException {
    return images.of(rproc, coredump);
  }
}
