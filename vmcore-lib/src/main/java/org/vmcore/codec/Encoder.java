package org.vmcore.codec;

/** One way to compress a block. */
interface Encoder extends AutoCloseable {
  /**
   * Compresses a block; all ranges lie in their arrays.
   *
   * @return the bytes written; 0 when they would be more than {@code most}
   */
  int encode(byte[] source, int offset, int length, byte[] target, int targetOffset, int most);

  @Override
  default void close() {}
}
