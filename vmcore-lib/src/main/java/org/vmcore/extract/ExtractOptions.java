package org.vmcore.extract;

import java.util.function.LongConsumer;

/**
 * How memory is written into a file.
 *
 * @param force whether a file that exists is replaced
 * @param sync whether it is waited until the bytes are on the disk
 * @param progress is told how many bytes more are done, those that are missing included
 */
public record ExtractOptions(boolean force, boolean sync, LongConsumer progress) {
  /** No file is replaced, and the bytes are on the disk at the end. */
  public static final ExtractOptions DEFAULT = new ExtractOptions(false, true, _ -> {});

  /** The same, but whether a file that exists is replaced. */
  public ExtractOptions withForce(boolean value) {
    return new ExtractOptions(value, sync, progress);
  }

  /** The same, but whether it is waited for the disk. */
  public ExtractOptions withSync(boolean value) {
    return new ExtractOptions(force, value, progress);
  }

  /** The same, but who is told of the progress. */
  public ExtractOptions withProgress(LongConsumer listener) {
    return new ExtractOptions(force, sync, listener);
  }
}
