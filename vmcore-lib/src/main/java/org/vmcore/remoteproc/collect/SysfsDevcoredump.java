package org.vmcore.remoteproc.collect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.vmcore.remoteproc.Devcoredump;

/** A folder {@code devcdN}. */
final class SysfsDevcoredump implements Devcoredump {
  static final String DATA = "data";

  /** Anything that is written releases it. */
  private static final byte[] RELEASE = {'1'};

  private final Path folder;

  SysfsDevcoredump(Path folder) {
    this.folder = folder;
  }

  @Override
  public String name() {
    return folder.getFileName().toString();
  }

  @Override
  public Optional<String> device() {
    try {
      Path device = Files.readSymbolicLink(folder.resolve("failing_device")).getFileName();
      return Optional.ofNullable(device).map(Path::toString);
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty(); // its driver is gone, or the kernel is older than the link
    }
  }

  /** Reads until read(2) gives 0: the size that stat(2) tells is 0. */
  @Override
  public ReadableByteChannel open() throws IOException {
    return open(StandardOpenOption.READ);
  }

  /**
   * Writes a byte to {@code data}. It is opened for reading, too: by that a FIFO, which tests have
   * in its place, is opened without waiting for its reader, and without one the byte is lost.
   *
   * @throws NoSuchFileException when the dump is gone
   */
  @Override
  public void release() throws IOException {
    try (FileChannel data = open(StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      data.write(ByteBuffer.wrap(RELEASE));
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      if (Files.notExists(folder.resolve(DATA))) {
        throw new NoSuchFileException(folder.resolve(DATA).toString());
      }
      throw e;
    }
  }

  private FileChannel open(StandardOpenOption... options) throws IOException {
    Path data = folder.resolve(DATA);
    try {
      return FileChannel.open(data, options);
    } catch (AccessDeniedException e) {
      String reason = "permission denied: devices' dumps are for root";
      throw new FileSystemException(data.toString(), null, reason);
    }
  }
}
