package org.vmcore.cli.walk;

import java.util.Optional;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.walks.Link;

/**
 * One of those that are printed.
 *
 * @param cpu whose variable it is of; −1: none
 * @param object the object, where its type is told
 */
record Node(Link link, int cpu, Optional<KernelObject> object) {
  /** The object's address, else the node's. */
  long address() {
    return object.isPresent() ? object.get().address() : link.address();
  }
}
