package org.vmcore.fdt;

import java.util.List;
import java.util.Optional;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;

/**
 * What a device tree's /chosen tells a crash kernel: where the elfcorehdr is and which memory it
 * may use. Source: of_kexec_alloc_and_setup_fdt of drivers/of/kexec.c.
 */
public final class ChosenNode {
  /** The elfcorehdr's address and size. */
  public static final String ELFCOREHDR = "linux,elfcorehdr";

  /** The crash kernel's memory: its region, then the low one. */
  public static final String USABLE_MEMORY_RANGE = "linux,usable-memory-range";

  private static final String CHOSEN = "chosen";

  private ChosenNode() {}

  /**
   * Where the elfcorehdr is; empty when the tree isn't a crash kernel's.
   *
   * @param file the device tree, named in errors
   */
  public static Optional<AddressRange> elfcorehdr(String file, DeviceTree tree)
      throws VmcoreException {
    List<AddressRange> ranges = ranges(file, tree, ELFCOREHDR);
    if (ranges.size() > 1) {
      throw VmcoreException.of(file, "/chosen: " + ELFCOREHDR + ": more than one range");
    }
    return ranges.stream().findFirst();
  }

  /**
   * The memory that the crash kernel may use; none when the tree doesn't tell.
   *
   * @param file the device tree, named in errors
   */
  public static List<AddressRange> usableMemory(String file, DeviceTree tree)
      throws VmcoreException {
    return ranges(file, tree, USABLE_MEMORY_RANGE);
  }

  private static List<AddressRange> ranges(String file, DeviceTree tree, String name)
      throws VmcoreException {
    Optional<TreeProperty> property = tree.root().child(CHOSEN).flatMap(n -> n.property(name));
    return property.isEmpty() ? List.of() : RootCells.of(file, tree.root()).decode(property.get());
  }

  /**
   * The tree as the crash kernel gets it: both properties set, the elfcorehdr reserved.
   *
   * @param file the device tree, named in errors
   * @param elfcorehdr where the headers are
   * @param usable the crash kernel's region, then the low one if there is one; an old property
   *     stays when there are none
   * @throws VmcoreException when a range doesn't fit the root's cells, or those aren't 1 or 2
   */
  public static DeviceTree set(
      String file, DeviceTree tree, AddressRange elfcorehdr, List<AddressRange> usable)
      throws VmcoreException {
    RootCells cells = RootCells.of(file, tree.root());
    TreeNode chosen = tree.root().child(CHOSEN).orElseGet(() -> TreeNode.of(CHOSEN));
    chosen = chosen.with(TreeProperty.of(ELFCOREHDR, cells.encode(List.of(elfcorehdr))));
    if (!usable.isEmpty()) {
      chosen = chosen.with(TreeProperty.of(USABLE_MEMORY_RANGE, cells.encode(usable)));
    }
    return tree.withRoot(tree.root().with(chosen))
        .withReservation(new DeviceTree.Reservation(elfcorehdr.start(), elfcorehdr.size()));
  }
}
