package org.vmcore.codec;

import org.vmcore.values.Hex;

/**
 * Compressed bytes that can't be decompressed: the offset in them, and the reason.
 *
 * <p>It has no stack trace: a damaged dump may have one for each of its pages.
 */
public final class MalformedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int offset;
  private final String reason;

  MalformedException(int offset, String reason) {
    super(null, null, false, false);
    this.offset = offset;
    this.reason = reason;
  }

  /** Bytes from the first compressed byte to the token at fault; 0 when it isn't known. */
  public int offset() {
    return offset;
  }

  /** What is wrong, without the offset. */
  public String reason() {
    return reason;
  }

  @Override
  public String getMessage() {
    return "offset " + Hex.of(offset) + ": " + reason;
  }
}
