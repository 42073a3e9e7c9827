package org.vmcore.memory;

import java.io.IOException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.vmcore.values.Hex;
import org.vmcore.values.Printable;

/**
 * Something a dump, or a file made of one, would not give: names the file, the byte offset in it
 * when there is one, and the reason.
 *
 * <p>{@link #getMessage()} is one line, {@code FILE: offset 0x…: reason}, free of control
 * characters that came out of the dump.
 */
public class VmcoreException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final long NO_OFFSET = -1;

  private final String file;
  private final long offset;
  private final String reason;

  private VmcoreException(String file, long offset, String reason, @Nullable Throwable cause) {
    super(line(file, offset, reason), cause);
    this.file = file;
    this.offset = offset;
    this.reason = Printable.text(reason);
  }

  /** A fault of {@code file} as a whole, of a kind of its own. */
  protected VmcoreException(String file, String reason) {
    this(file, NO_OFFSET, reason, null);
  }

  /** A fault of {@code file}, at a byte offset if it has one, of a kind of its own. */
  protected VmcoreException(String file, OptionalLong offset, String reason) {
    this(file, offset.orElse(NO_OFFSET), reason, null);
  }

  /** A fault at byte {@code offset} of {@code file}. */
  public static VmcoreException at(String file, long offset, String reason) {
    return new VmcoreException(file, offset, reason, null);
  }

  /** A fault at byte {@code offset} of {@code file}, with what caused it. */
  public static VmcoreException at(String file, long offset, String reason, Throwable cause) {
    return new VmcoreException(file, offset, reason, cause);
  }

  /** A fault of {@code file} as a whole. */
  public static VmcoreException of(String file, String reason) {
    return new VmcoreException(file, NO_OFFSET, reason, null);
  }

  /** A fault of {@code file} as a whole, with what caused it. */
  public static VmcoreException of(String file, String reason, Throwable cause) {
    return new VmcoreException(file, NO_OFFSET, reason, cause);
  }

  /** The file's name as it was given. */
  public final String file() {
    return file;
  }

  /** The byte offset in {@link #file()}, when the fault has one. */
  public final OptionalLong offset() {
    return offset == NO_OFFSET ? OptionalLong.empty() : OptionalLong.of(offset);
  }

  /** What is wrong, without file and offset. */
  public final String reason() {
    return reason;
  }

  /**
   * Whether it is because something of the dump is {@link PageState#LOST}: damage, and neither a
   * mistake nor something that the dump never had.
   */
  public boolean isLoss() {
    return false;
  }

  private static String line(String file, long offset, String reason) {
    String where = offset == NO_OFFSET ? "" : "offset " + Hex.of(offset) + ": ";
    return Printable.text(file) + ": " + where + Printable.text(reason);
  }
}
