package org.vmcore.codec;

/** Copies. */
final class RawEncoder implements Encoder {
  @Override
  public int encode(
      byte[] source, int offset, int length, byte[] target, int targetOffset, int most) {
    if (length > most) {
      return 0;
    }
    System.arraycopy(source, offset, target, targetOffset, length);
    return length;
  }
}
