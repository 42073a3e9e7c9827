package org.vmcore.remoteproc;

/**
 * What becomes of a remote processor's memory when it crashes: {@code enum rproc_dump_mechanism},
 * the file {@code coredump} of a remote processor in sysfs.
 */
public enum CoredumpMode {
  /** No dump is made. This is how a processor starts. */
  DISABLED,
  /** The memory is copied first. Recovery goes on at once, while the copy is read. */
  ENABLED,
  /**
   * Nothing is copied: a read takes the bytes out of the device's memory. Recovery waits until the
   * dump is released or its time is over.
   */
  INLINE;

  /** Its name in sysfs: {@code inline}. */
  public String label() {
    return switch (this) {
      case DISABLED -> "disabled";
      case ENABLED -> "enabled";
      case INLINE -> "inline";
    };
  }
}
