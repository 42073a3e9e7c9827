package org.vmcore.cli.output;

import org.vmcore.values.Hex;

/**
 * Sizes for people. Commons IO's byteCountToDisplaySize says 1 GB of 1.9 GiB: it has no tenths, and
 * calls powers of 1024 KB.
 */
public final class HumanSize {
  private static final String UNITS = "KMGTPE";

  private HumanSize() {}

  /** {@code 512 bytes}, {@code 4 KiB}, {@code 1.5 GiB}: rounded down to a tenth. */
  public static String of(long bytes) {
    if (bytes >= 0 && bytes < 1024) {
      return bytes(bytes);
    }
    int unit = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
    long whole = bytes >>> (10 * unit);
    long tenth = ((bytes >>> (10 * (unit - 1))) & 1023) * 10 / 1024;
    return whole + (tenth == 0 ? "" : "." + tenth) + " " + UNITS.charAt(unit - 1) + "iB";
  }

  /** {@code 1 byte}, {@code 4096 bytes}. */
  public static String bytes(long bytes) {
    return bytes + (bytes == 1 ? " byte" : " bytes");
  }

  /** {@code 0x1800 (6 KiB)}. */
  public static String exact(long bytes) {
    return Hex.of(bytes) + " (" + of(bytes) + ")";
  }
}
