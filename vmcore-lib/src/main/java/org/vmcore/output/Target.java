package org.vmcore.output;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vmcore.io.FileKind;

/** Where an output path leads once its symbolic links are followed. */
sealed interface Target {
  /** The kernel's limit (MAXSYMLINKS). */
  int MAX_LINKS = 40;

  Pattern DESCRIPTOR = Pattern.compile("/proc/(\\d{1,9})/(?:task/\\d+/)?fd/(\\d{1,9})");

  /** A regular file, there or not yet, that is replaced as a whole. */
  record Whole(Path path) implements Target {}

  /**
   * Something that is written in place.
   *
   * @param descriptor its number, if it is one of this process, else -1
   */
  record Direct(Path path, FileKind kind, int descriptor) implements Target {
    boolean isStandard() {
      return descriptor == 1 || descriptor == 2;
    }
  }

  static Target of(Path path) throws IOException {
    Path at = path.toAbsolutePath();
    for (int links = 0; links <= MAX_LINKS; links++) {
      OptionalInt descriptor = descriptor(at);
      if (descriptor.isPresent()) {
        return new Direct(at, openKind(at), descriptor.getAsInt());
      }
      Optional<FileKind> kind = existing(at);
      if (kind.isEmpty()) {
        return new Whole(at);
      }
      switch (kind.get()) {
        case LINK -> at = at.resolveSibling(Files.readSymbolicLink(at));
        case REGULAR -> {
          return new Whole(at);
        }
        case DIRECTORY -> throw new FileSystemException(path.toString(), null, "is a directory");
        case SOCKET -> throw new FileSystemException(path.toString(), null, "is a socket");
        default -> {
          return new Direct(at, kind.get(), -1);
        }
      }
    }
    throw new FileSystemException(path.toString(), null, "symbolic links loop");
  }

  private static Optional<FileKind> existing(Path path) throws IOException {
    try {
      return Optional.of(FileKind.of(path, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException e) {
      Path parent = path.getParent();
      if (parent != null && !Files.isDirectory(parent)) {
        String reason = parent + " is not a directory that exists";
        throw new FileSystemException(path.toString(), null, reason);
      }
      return Optional.empty();
    }
  }

  private static FileKind openKind(Path descriptor) throws IOException {
    try {
      return FileKind.of(descriptor);
    } catch (NoSuchFileException e) {
      throw new FileSystemException(descriptor.toString(), null, "no such descriptor is open");
    }
  }

  /** The descriptor that {@code path} names, in whatever way /proc is reached; -1: not ours. */
  private static OptionalInt descriptor(Path path) {
    Path parent = path.getParent();
    if (parent == null || !path.getFileSystem().equals(FileSystems.getDefault())) {
      return OptionalInt.empty();
    }
    Matcher place = DESCRIPTOR.matcher(realPath(parent) + "/" + path.getFileName());
    if (!place.matches()) {
      return OptionalInt.empty();
    }
    boolean ours = Long.parseLong(place.group(1)) == ProcessHandle.current().pid();
    return OptionalInt.of(ours ? Integer.parseInt(place.group(2)) : -1);
  }

  private static Path realPath(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path;
    }
  }
}
