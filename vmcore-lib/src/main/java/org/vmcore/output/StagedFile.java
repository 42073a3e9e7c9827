package org.vmcore.output;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.vmcore.memory.VmcoreException;

/** A regular file under a temporary name beside its target, until it is complete. */
final class StagedFile implements Sink {
  /** Those whose temporary names exist; guarded by itself, creation included. */
  private static final Set<StagedFile> STAGED = new HashSet<>();

  /** Whether none is created any more; guarded by {@link #STAGED}. */
  private static boolean refused;

  private static final Set<OpenOption> NEW =
      Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);

  private Path target;
  private final Path staged;
  private final SeekableByteChannel channel;
  private final OutputFile.Options options;

  /** What tells the file that was opened from one that has its name later. */
  private final Optional<Object> key;

  private StagedFile(Path target, Path staged, OutputFile.Options options) throws IOException {
    this.target = target;
    this.staged = staged;
    this.channel = open(staged);
    this.options = options;
    this.key = keyIfThere(staged);
  }

  /** A file system need not have channels that write at positions: zip files' hasn't. */
  private static SeekableByteChannel open(Path staged) throws IOException {
    try {
      return FileChannel.open(staged, NEW, ownerOnly(staged));
    } catch (UnsupportedOperationException e) {
      return Files.newByteChannel(staged, NEW);
    }
  }

  /** Others may have a file only when it was closed, and may move nothing that is open. */
  private boolean isLocal() {
    return staged.getFileSystem().equals(FileSystems.getDefault());
  }

  static StagedFile create(Path target, OutputFile.Options options) throws IOException {
    if (!options.force() && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    // Not made of the target's name, which may already be as long as a name can be.
    String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    Path staged = target.resolveSibling(".vmcore-" + random + ".tmp");
    synchronized (STAGED) {
      if (refused) {
        throw new FileSystemException(target.toString(), null, "the process is ending");
      }
      StagedFile file = new StagedFile(target, staged, options);
      STAGED.add(file);
      return file;
    }
  }

  private static Optional<Object> key(Path path) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    return Optional.ofNullable(attributes.fileKey());
  }

  /** In a zip file nothing is there before it is closed. */
  private static Optional<Object> keyIfThere(Path path) throws IOException {
    try {
      return key(path);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path path) {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    var mode = PosixFilePermissions.fromString("rw-------");
    return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)};
  }

  static void refuse() {
    synchronized (STAGED) {
      refused = true;
    }
  }

  static void abandonAll() {
    synchronized (STAGED) {
      STAGED.forEach(StagedFile::deleteStaged);
      STAGED.clear();
    }
  }

  @Override
  public boolean sparse() {
    return channel instanceof FileChannel;
  }

  @Override
  public boolean isPipe() {
    return false;
  }

  @Override
  public void write(ByteBuffer source, long position) throws IOException {
    if (channel instanceof FileChannel file) {
      for (long at = position; source.hasRemaining(); ) {
        at += file.write(source, at);
      }
      return;
    }
    if (channel.position() != position) {
      channel.position(position);
    }
    while (source.hasRemaining()) {
      channel.write(source);
    }
  }

  /** Fails where its file system hasn't {@code bytes} for {@code what}, as far as it tells. */
  void requireRoom(String name, long bytes, String what) throws VmcoreException {
    long free = free();
    if (free > 0 && free < bytes) {
      throw VmcoreException.of(
          name, bytes + " bytes are needed for " + what + " alone, " + free + " are free");
    }
  }

  private long free() {
    try {
      return Files.getFileStore(staged).getUsableSpace();
    } catch (IOException e) {
      return 0;
    }
  }

  /** From now on it is to become {@code other}, in the same folder. */
  void aim(Path other) {
    if (!Objects.equals(other.toAbsolutePath().getParent(), staged.toAbsolutePath().getParent())) {
      throw new IllegalArgumentException(other + " is in another folder than " + staged);
    }
    target = other;
  }

  /** Gives it its length and, if the options say so, puts it on the disk; its temporary name. */
  Path complete(long length) throws IOException {
    if (!channel.isOpen()) {
      return staged;
    }
    if (channel.size() < length) {
      write(ByteBuffer.allocate(1), length - 1);
    }
    if (options.sync() && channel instanceof FileChannel file) {
      file.force(true);
    }
    return staged;
  }

  @Override
  public void commit(long length) throws IOException {
    complete(length);
    rename();
  }

  /** Gives it the target's name; it must be complete. */
  void rename() throws IOException {
    synchronized (STAGED) {
      if (!STAGED.contains(this)) {
        throw new FileSystemException(target.toString(), null, "it was abandoned");
      }
      if (!isLocal()) {
        channel.close();
      }
      requireOwn(staged);
      move();
      STAGED.remove(this);
      requireOwn(target);
    }
    channel.close();
    if (options.sync()) {
      forceDirectory();
    }
  }

  /** Deletes it after it got the target's name. */
  void takeBack() {
    delete(target);
  }

  /** Somebody else who may write to the folder may give a name to another file. */
  private void requireOwn(Path name) throws IOException {
    if (key.isEmpty()) {
      return;
    }
    try {
      if (!key(name).equals(key)) {
        throw new FileSystemException(target.toString(), null, "its name leads to another file");
      }
    } catch (NoSuchFileException e) {
      throw new FileSystemException(target.toString(), null, "its temporary file is gone");
    }
  }

  private void move() throws IOException {
    try {
      if (options.force()) {
        replace();
      } else {
        renameToNew();
      }
    } catch (NoSuchFileException e) {
      throw new FileSystemException(target.toString(), null, "its temporary file is gone");
    }
  }

  private void replace() throws IOException {
    try {
      Files.move(
          staged, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(staged, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Gives the target's name to the file, never taking it from another one. */
  private void renameToNew() throws IOException {
    try {
      // rename(2) would replace a file that appeared meanwhile; link(2) does not.
      Files.createLink(target, staged);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (FileSystemException | UnsupportedOperationException e) {
      Files.move(staged, target);
      return;
    }
    deleteStaged();
  }

  private void forceDirectory() {
    Path directory = target.toAbsolutePath().getParent();
    if (directory == null) {
      return;
    }
    try (FileChannel opened = FileChannel.open(directory, StandardOpenOption.READ)) {
      opened.force(true);
    } catch (IOException e) {
      // The bytes are on the disk and the name is there; not every directory can be forced.
    }
  }

  private void deleteStaged() {
    delete(staged);
  }

  private void delete(Path name) {
    try {
      if (key.isEmpty() || key(name).equals(key)) {
        Files.deleteIfExists(name);
      }
    } catch (IOException e) {
      // It is gone; or nothing can be done, for its directory was made unwritable meanwhile.
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Its bytes are given up, or already forced.
    }
    synchronized (STAGED) {
      if (STAGED.remove(this)) {
        deleteStaged();
      }
    }
  }
}
