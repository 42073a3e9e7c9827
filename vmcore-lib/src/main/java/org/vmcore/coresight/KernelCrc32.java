package org.vmcore.coresight;

import java.util.zip.CRC32;

/**
 * The kernel's {@code crc32_le(0, …)}: CRC-32 that begins with 0 and whose bits aren't inverted.
 * That of the JDK begins with ones, which as many ones turn into 0.
 */
final class KernelCrc32 {
  private static final byte[] ONES = {-1, -1, -1, -1};

  private final CRC32 crc = new CRC32();

  KernelCrc32() {
    crc.update(ONES);
  }

  KernelCrc32 update(byte[] bytes, int from, int length) {
    crc.update(bytes, from, length);
    return this;
  }

  long value() {
    return ~crc.getValue() & 0xffff_ffffL;
  }
}
