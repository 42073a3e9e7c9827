package org.vmcore.remoteproc;

/**
 * A processor with one virtio device, recovered as the kernel once did it: the virtio device is a
 * part of another object and is zeroed at each start, whoever holds it; and a recovery that shuts
 * down and boots leaves running what others want to run.
 */
final class NaiveRecovery {
  private String name = "";
  private int generation;
  private int references;
  private int starts;
  private int power;

  void boot() {
    if (++power == 1) {
      zero();
      name = "virtio0";
      generation = ++starts;
      references = 1;
    }
  }

  private void zero() {
    name = "";
    generation = 0;
    references = 0;
  }

  void shutdown() {
    if (--power == 0) {
      references--;
    }
  }

  /** What a crash did before commit 7e83cab824a8. */
  void recover() {
    shutdown();
    boot();
  }

  NaiveRecovery hold() {
    references++;
    return this;
  }

  String name() {
    return name;
  }

  int generation() {
    return generation;
  }

  int references() {
    return references;
  }

  int starts() {
    return starts;
  }
}
