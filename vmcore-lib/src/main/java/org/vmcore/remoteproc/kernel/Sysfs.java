package org.vmcore.remoteproc.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.walks.Link;
import org.vmcore.kernel.walks.WalkKind;
import org.vmcore.kernel.walks.Walked;
import org.vmcore.kernel.walks.Walks;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * The tree of {@code /sys} as it was in memory. It leads to devices by their class where no symbol
 * does: its root is that of {@code kernel_kobj}, which every kernel exports.
 *
 * <p>Source: include/linux/kernfs.h. A directory has its entries in an rbtree; a link leads to the
 * directory of an object, whose {@code priv} is the kobject.
 */
final class Sysfs {
  private static final String NODE = "kernfs_node";
  private static final int MAX_ENTRIES = 1 << 16;
  private static final int MAX_NAME = 256;
  private static final int TYPE = 0xf;
  private static final int DIRECTORY = 1;
  private static final int LINK = 4;

  private final KernelReader in;
  private final Walks walks;
  private final long root;
  private final long name;
  private final long node;
  private final long children;
  private final long target;
  private final long object;
  private final long flags;
  private final List<Finding> gaps = new ArrayList<>();

  private Sysfs(KernelObjects objects, long kobject) throws VmcoreException {
    in = objects.reader();
    walks = Walks.of(objects);
    name = objects.offset(NODE, "name");
    node = objects.offset(NODE, "rb");
    children = objects.offset(NODE, "dir.children");
    target = objects.offset(NODE, "symlink.target_kn");
    object = objects.offset(NODE, "priv");
    flags = objects.offset(NODE, "flags");
    long directory = in.word(kobject + objects.offset("kobject", "sd"), "kobject.sd");
    root = in.word(directory + objects.offset(NODE, "parent", "__parent"), NODE + ".parent");
  }

  /**
   * The tree of a kernel; empty when it has none.
   *
   * @throws VmcoreException when what leads to it can't be read
   */
  static Optional<Sysfs> of(KernelObjects objects) throws VmcoreException {
    OptionalLong symbol = objects.symbols().addressInKernel("kernel_kobj");
    if (symbol.isEmpty() || !objects.has(NODE, "dir.children")) {
      return Optional.empty();
    }
    long kobject = objects.reader().word(symbol.getAsLong(), "kernel_kobj");
    return kobject == 0 ? Optional.empty() : Optional.of(new Sysfs(objects, kobject));
  }

  /** What of it couldn't be followed so far. */
  List<Finding> gaps() {
    return gaps;
  }

  /**
   * The kobjects to which the links in {@code /sys/class/NAME} lead, in no order; none where there
   * is no such class.
   */
  List<Long> ofClass(String type) throws VmcoreException {
    OptionalLong classes = directory(root, "class");
    OptionalLong own =
        classes.isEmpty() ? OptionalLong.empty() : directory(classes.getAsLong(), type);
    List<Long> kobjects = new ArrayList<>();
    if (own.isPresent()) {
      for (long entry : entries(own.getAsLong())) {
        if (type(entry) == LINK) {
          kobjects.add(in.word(in.word(entry + target, NODE) + object, NODE + ".priv"));
        }
      }
    }
    return kobjects;
  }

  private OptionalLong directory(long above, String wanted) throws VmcoreException {
    for (long entry : entries(above)) {
      if (type(entry) == DIRECTORY
          && in.text(in.word(entry + name, NODE + ".name"), MAX_NAME).equals(wanted)) {
        return OptionalLong.of(entry);
      }
    }
    return OptionalLong.empty();
  }

  private List<Long> entries(long directory) throws VmcoreException {
    Walked walked = walks.walk(WalkKind.RBTREE, directory + children, MAX_ENTRIES);
    for (Finding each : walked.findings()) {
      gaps.add(
          new Finding(each.check(), each.severity(), each.offset(), "sysfs: " + each.message()));
    }
    List<Long> entries = new ArrayList<>();
    for (Link link : walked.links()) {
      entries.add(link.address() - node);
    }
    return entries;
  }

  private int type(long entry) throws VmcoreException {
    byte[] bits = in.bytes(entry + flags, 2, NODE + ".flags");
    return in.uint16(bits, 0) & TYPE;
  }
}
