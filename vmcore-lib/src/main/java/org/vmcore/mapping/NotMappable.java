package org.vmcore.mapping;

import java.io.Serial;

/**
 * Why an image cannot be shown in one piece of address space; what was begun has been undone, or is
 * by {@link Reservation#close}, and its bytes can still be copied.
 */
public final class NotMappable extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final boolean fileGone;

  private NotMappable(String reason, boolean fileGone) {
    super(reason);
    this.fileGone = fileGone;
  }

  /** A refusal for {@code reason}, in one line. */
  public NotMappable(String reason) {
    this(reason, false);
  }

  /** The path leads to another file than the one that is open, or to one that is shorter. */
  static NotMappable fileGone(String reason) {
    return new NotMappable(reason, true);
  }

  /** Whether the path no longer leads to the file that is open: its bytes can still be read. */
  public boolean isFileGone() {
    return fileGone;
  }

  /** The failure of the system call {@code what}, with the negative errno it returned. */
  static NotMappable call(String what, long result) {
    return new NotMappable(what + ": " + Errno.text((int) -result));
  }

  /** One line that says what the host does not allow. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
