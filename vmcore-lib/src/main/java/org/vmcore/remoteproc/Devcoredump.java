package org.vmcore.remoteproc;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;

/**
 * A device's dump as the kernel offers it to user space: {@code /sys/class/devcoredump/devcdN}, or
 * one that is made here. It can be read, more than once and by several readers, until it is
 * released or its time is over.
 *
 * <p>Source: {@code drivers/base/devcoredump.c}.
 */
public interface Devcoredump {
  /** What the kernel calls it: {@code devcd3}. */
  String name();

  /** The device whose dump it is, {@code remoteproc0}, where that is known. */
  Optional<String> device();

  /**
   * Starts to read it from its first byte. Its length shows at its end, and only there {@code read}
   * gives -1; before that it may give fewer bytes than were asked for, but at least one.
   *
   * <p>A read fails with an {@link IOException} once the dump is gone, and never tells an end then.
   *
   * @throws java.nio.file.NoSuchFileException when the dump is gone
   * @throws IOException when it can't be read
   */
  ReadableByteChannel open() throws IOException;

  /**
   * Lets it go: the device may be started again. Nothing of it can be read afterwards.
   *
   * @throws java.nio.file.NoSuchFileException when the dump is gone
   * @throws IOException when it can't be released
   */
  void release() throws IOException;
}
