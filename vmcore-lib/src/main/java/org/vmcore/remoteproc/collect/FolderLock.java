package org.vmcore.remoteproc.collect;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.vmcore.io.IoReason;
import org.vmcore.memory.VmcoreException;

/**
 * A folder that one collector has for itself: it holds a lock on a file there, which goes with the
 * process however that ends. The file stays: if it were deleted, two collectors could hold locks on
 * two files of its name.
 */
final class FolderLock implements AutoCloseable {
  static final String NAME = ".devcoredump.lock";

  private static final Set<OpenOption> OPTIONS =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  /** Those of this process, among which the locks of some file systems make no difference. */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private FolderLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes {@code folder}. Where the file system has no locks, it is kept from this process alone.
   *
   * @throws VmcoreException when another collector has it, or no file can be made there
   */
  static FolderLock take(Path folder) throws VmcoreException {
    Path file = folder.resolve(NAME);
    try {
      file = folder.toRealPath().resolve(NAME);
      if (HELD.add(file)) {
        boolean taken = false;
        try {
          FolderLock lock = new FolderLock(file, FileChannel.open(file, OPTIONS, ownerOnly(file)));
          taken = lock.lock();
          if (taken) {
            return lock;
          }
          lock.channel.close();
        } finally {
          if (!taken) {
            HELD.remove(file);
          }
        }
      }
    } catch (IOException e) {
      throw VmcoreException.of(file.toString(), "cannot create: " + IoReason.of(e), e);
    }
    throw VmcoreException.of(
        folder.toString(), "another collector is at work here: it holds the lock on " + NAME);
  }

  /** Whether no other process has it. */
  private boolean lock() {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException | UnsupportedOperationException e) {
      // A file system without locks, as NFS may be: no dump's file replaces another one, and a dump
      // that two collectors read is in two files.
      return true;
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path path) {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    var mode = PosixFilePermissions.fromString("rw-------");
    return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)};
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The lock goes with the process.
    }
    HELD.remove(file);
  }
}
