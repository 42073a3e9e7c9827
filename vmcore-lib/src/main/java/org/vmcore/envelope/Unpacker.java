package org.vmcore.envelope;

import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/** Unpacks a compressed file from its first byte to its last, or to where it is damaged. */
sealed interface Unpacker extends AutoCloseable permits GzipUnpacker, ZstdUnpacker {
  /**
   * Unpacks the next bytes.
   *
   * @return how many; 0 at the end, and where the file is damaged: that is a finding then
   * @throws VmcoreException when the file can't be read
   */
  int unpack(byte[] dst, int offset, int length) throws VmcoreException;

  /** The bytes of the file that are unpacked by now, or soon will be. */
  long position();

  @Override
  void close();

  /** The finding of damage to a file in {@code envelope}. */
  static Finding damage(String envelope, long at, String reason) {
    return Finding.error(
        envelope,
        at,
        "the "
            + envelope
            + " file is damaged at "
            + Hex.of(at)
            + ": "
            + reason
            + "; what comes before is read");
  }
}
