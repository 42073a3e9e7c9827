package org.vmcore.cli.walk;

import java.util.Optional;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.types.Type;
import org.vmcore.kernel.walks.Link;

/**
 * One of those that are printed.
 *
 * @param cpu whose variable it is of; −1: none
 * @param offset where the node lies in the object, in bytes
 */
record Node(Link link, int cpu, long offset) {
  /** The address of the object or, where {@code offset} is 0, the node's. */
  long address() {
    return link.address() - offset;
  }

  /** The object; none where the array has a number. */
  Optional<KernelObject> object(KernelObjects objects, Type type) {
    return link.value().isPresent() ? Optional.empty() : Optional.of(objects.at(address(), type));
  }
}
