package org.vmcore.io;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says what an I/O error means, where Java's message would be no more than a path. */
public final class IoReason {
  private IoReason() {}

  public static String of(IOException e) {
    return switch (e) {
      case FileAlreadyExistsException _ -> "it already exists";
      case NoSuchFileException _ -> "no such file or directory";
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      case ClosedByInterruptException _ -> "interrupted";
      case ClosedChannelException _ -> "it was closed";
      case IOException other when other.getMessage() != null -> other.getMessage();
      default -> e.getClass().getSimpleName();
    };
  }
}
