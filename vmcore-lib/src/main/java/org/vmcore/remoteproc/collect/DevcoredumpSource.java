package org.vmcore.remoteproc.collect;

import java.util.List;
import org.vmcore.memory.VmcoreException;
import org.vmcore.remoteproc.Devcoredump;

/** Where devices' dumps come from. */
@FunctionalInterface
public interface DevcoredumpSource {
  /**
   * The dumps that wait to be read, the oldest first. No two have the same {@link
   * Devcoredump#name}, and one that was read and not released is among them again.
   *
   * @throws VmcoreException when nobody can tell, or none can ever come
   */
  List<? extends Devcoredump> pending() throws VmcoreException;
}
