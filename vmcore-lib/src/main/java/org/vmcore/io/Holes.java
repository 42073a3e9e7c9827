package org.vmcore.io;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Optional;
import org.vmcore.host.Host;
import org.vmcore.host.SystemCalls;

/**
 * Where the data of a file begin behind a hole: SEEK_DATA and SEEK_HOLE of lseek(2), on a
 * descriptor of its own. Where host or file system know nothing of holes, all is data.
 *
 * <p>Data that were found are remembered, so that asking again inside of them costs no system call;
 * holes are not, for what writes the file may fill them.
 */
final class Holes implements AutoCloseable {
  private static final int NONE = -1;

  private final long size;
  private int fd;

  /** The data that were found last. */
  private long dataStart;

  private long dataEnd;

  private Holes(int fd, long size) {
    this.fd = fd;
    this.size = size;
  }

  /**
   * The holes of the file that is open as {@code identity}; none when it can't be opened again.
   *
   * @param size of the file in bytes when it was opened
   */
  static Holes of(Identity identity, long size) {
    return new Holes(open(identity), size);
  }

  private static int open(Identity identity) {
    Path path = identity.path();
    if (!path.getFileSystem().equals(FileSystems.getDefault()) || Host.unsupported().isPresent()) {
      return NONE;
    }
    try {
      // Never waits: by now the name may be a pipe's.
      int flags = SystemCalls.O_RDONLY | SystemCalls.O_CLOEXEC | SystemCalls.O_NONBLOCK;
      int fd = (int) Host.calls().open(Host.bytes(path), flags);
      if (fd < 0 || isSame(fd, identity)) {
        return Math.max(fd, NONE);
      }
      Host.calls().close(fd);
      return NONE;
    } catch (UnsupportedOperationException e) {
      return NONE;
    }
  }

  /** Whether the name still leads to the file that is open; without a key nobody knows. */
  private static boolean isSame(int fd, Identity identity) {
    try {
      Optional<Object> key = ByteSource.key(Path.of("/proc/self/fd/" + fd));
      return key.isPresent() && key.equals(identity.fileKey());
    } catch (IOException e) {
      return false;
    }
  }

  /** As {@link ByteSource#nextData} has it; {@code offset} lies in the file. */
  synchronized long nextData(long offset) {
    if (fd == NONE || (offset >= dataStart && offset < dataEnd)) {
      return offset;
    }
    long found = seek(offset, SystemCalls.SEEK_DATA);
    if (found == -SystemCalls.ENXIO) {
      return end(offset);
    }
    if (found < offset) {
      close();
      return offset;
    }
    dataStart = found;
    dataEnd = seek(found, SystemCalls.SEEK_HOLE);
    return Math.min(found, size);
  }

  /** No data are behind {@code offset}; what the file was cut by is no hole, reads tell of it. */
  private long end(long offset) {
    long end = seek(0, SystemCalls.SEEK_END);
    return end < 0 ? offset : Math.clamp(end, offset, size);
  }

  private long seek(long offset, int whence) {
    return Host.calls().lseek(fd, offset, whence);
  }

  @Override
  public synchronized void close() {
    if (fd != NONE) {
      Host.calls().close(fd);
      fd = NONE;
    }
  }
}
