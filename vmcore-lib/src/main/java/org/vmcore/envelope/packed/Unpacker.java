package org.vmcore.envelope.packed;

import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/** Unpacks a compressed file from its first byte to its last, or to where it is damaged. */
public sealed interface Unpacker extends AutoCloseable
    permits GzipUnpacker, ZlibUnpacker, ZstdUnpacker, StreamUnpacker {
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

  /** The finding of bytes at {@code at} that belong to no part of a file in {@code envelope}. */
  static Finding leftOut(String envelope, long at) {
    return Finding.warning(
        envelope, at, "what follows the " + envelope + " file's end is left out");
  }

  /** The finding of a checksum that isn't that of the bytes which came out. */
  static Finding wrongChecksum(String envelope, long at) {
    return Finding.error(
        envelope, at, "the checksum of what comes before " + Hex.of(at) + " is wrong");
  }

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
