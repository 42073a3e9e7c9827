package org.vmcore.mapping;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import org.vmcore.host.Host;
import org.vmcore.host.SystemCalls;

/** Descriptors of the files a {@link Reservation} maps, each opened once, at its first piece. */
final class SharedFiles {
  /** What stat(2) does not know of a block device. */
  private static final long UNKNOWN_SIZE = Long.MAX_VALUE / 2;

  /** An open file of {@code size} bytes. */
  record Opened(int fd, long size) {}

  private final SystemCalls calls;
  private final Map<SharedFile, Opened> opened = new HashMap<>();

  SharedFiles(SystemCalls calls) {
    this.calls = calls;
  }

  Opened get(SharedFile file) throws NotMappable {
    Opened known = opened.get(file);
    return known == null ? open(file) : known;
  }

  private Opened open(SharedFile file) throws NotMappable {
    if (!file.path().getFileSystem().equals(FileSystems.getDefault())) {
      throw new NotMappable(file.path() + " is not on the host's file system");
    }
    // Never waits: by now the name may be a pipe's.
    int flags = SystemCalls.O_RDONLY | SystemCalls.O_CLOEXEC | SystemCalls.O_NONBLOCK;
    long fd = calls.open(Host.bytes(file.path()), flags);
    if (fd == -SystemCalls.ENOENT) {
      throw NotMappable.fileGone(file.path() + " was removed");
    }
    if (fd < 0) {
      throw NotMappable.call(file.path() + " cannot be opened", fd);
    }
    try {
      Opened checked = check(file, (int) fd);
      opened.put(file, checked);
      return checked;
    } finally {
      if (!opened.containsKey(file)) {
        calls.close((int) fd);
      }
    }
  }

  private static Opened check(SharedFile file, int fd) throws NotMappable {
    BasicFileAttributes attributes;
    try {
      Path link = Path.of("/proc/self/fd/" + fd);
      attributes = Files.readAttributes(link, BasicFileAttributes.class);
    } catch (IOException e) {
      throw new NotMappable(file.path() + " cannot be told from another file without /proc");
    }
    if (!file.key().equals(attributes.fileKey())) {
      throw NotMappable.fileGone(file.path() + " was replaced");
    }
    return new Opened(fd, attributes.isRegularFile() ? attributes.size() : UNKNOWN_SIZE);
  }

  /** What is mapped stays so. */
  void close() {
    opened.values().forEach(file -> calls.close(file.fd()));
    opened.clear();
  }
}
