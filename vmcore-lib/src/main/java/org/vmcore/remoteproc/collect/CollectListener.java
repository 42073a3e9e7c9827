package org.vmcore.remoteproc.collect;

/** Is told, in the thread that collects, how far that is. */
@FunctionalInterface
public interface CollectListener {
  /** All is done that can be done with one dump. */
  void collected(CollectedDump dump);

  /**
   * About twice a second, while dumps are read.
   *
   * @param reading how many are; 0 once, when the last of them ends
   * @param bytes that were read so far, of all dumps together
   */
  default void progress(int reading, long bytes) {}
}
