package org.vmcore.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** What a path names. */
public enum FileKind {
  REGULAR,
  DIRECTORY,
  LINK,
  PIPE,
  SOCKET,
  BLOCK_DEVICE,
  CHARACTER_DEVICE;

  public static FileKind of(Path path, LinkOption... options) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class, options);
    if (attributes.isRegularFile()) {
      return REGULAR;
    }
    if (attributes.isDirectory()) {
      return DIRECTORY;
    }
    return attributes.isSymbolicLink() ? LINK : special(path, options);
  }

  /** Only the {@code unix} view, where there is one, tells special files apart: st_mode. */
  private static FileKind special(Path path, LinkOption... options) throws IOException {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")
        || !(Files.getAttribute(path, "unix:mode", options) instanceof Integer mode)) {
      return CHARACTER_DEVICE;
    }
    return switch (mode & 0170000) {
      case 0010000 -> PIPE;
      case 0060000 -> BLOCK_DEVICE;
      case 0140000 -> SOCKET;
      default -> CHARACTER_DEVICE;
    };
  }
}
