package org.vmcore.remoteproc;

/**
 * Is told how remote processors fare. Called under the processor's lock: it must not boot it or
 * shut it down. What it throws doesn't keep a processor from being recovered; the future that
 * {@link RemoteProcessor#reportCrash} gave tells it.
 */
public interface RecoveryListener {
  /** Hears nothing. */
  RecoveryListener NONE = new RecoveryListener() {};

  /** A device came, as its processor was started: the uevent {@code add}. */
  default void added(RemoteProcessor processor, Device device) {}

  /** A device went, as its processor is stopped: the uevent {@code remove}. */
  default void removed(RemoteProcessor processor, Device device) {}

  /**
   * A crash is going to be handled.
   *
   * @param count the crashes of this processor so far, this one with them
   */
  default void crashed(RemoteProcessor processor, int count) {}

  /**
   * A device of an earlier start is still held, now that the processor has been started again and
   * has another one of the same name. It stays as it is. Told once of each.
   */
  default void heldAcrossRecovery(RemoteProcessor processor, Device device) {}

  /** It runs again. */
  default void recovered(RemoteProcessor processor) {}

  /** It could not be stopped, or started again, and stays crashed or offline. */
  default void failed(RemoteProcessor processor, Exception why) {}
}
