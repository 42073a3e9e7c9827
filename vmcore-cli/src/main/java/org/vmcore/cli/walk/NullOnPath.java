package org.vmcore.cli.walk;

import java.util.Optional;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.types.PointerType;
import org.vmcore.memory.VmcoreException;

/** Whether a pointer that a path leads through is null: there is nothing behind it then. */
final class NullOnPath {
  private NullOnPath() {}

  static boolean is(KernelObject object, String path) throws VmcoreException {
    for (int at = 1; at < path.length(); at++) {
      boolean isStep = path.charAt(at) == '.' || path.charAt(at) == '[';
      if (isStep && isNull(object.find(path.substring(0, at)))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isNull(Optional<KernelObject> step) throws VmcoreException {
    return step.isPresent()
        && step.get().type().plain() instanceof PointerType
        && step.get().number() == 0;
  }
}
