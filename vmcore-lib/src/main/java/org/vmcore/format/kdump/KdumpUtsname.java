package org.vmcore.format.kdump;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.vmcore.arch.Machine;

/**
 * utsname in the main header: sysname, nodename, release, version, machine and domainname.
 *
 * <p>makedumpfile copies it out of the kernel's memory, from behind the reference count that struct
 * uts_namespace began with up to 5.10: an older one has that of newer kernels 4 bytes too late, and
 * one may have it too early. Where the machine's name makes sense only so, the names are taken from
 * there; what was cut off of the first one, or of the last, is missing.
 */
final class KdumpUtsname {
  private static final int FIELDS = 6;
  private static final int LENGTH = 65;
  private static final int MACHINE = 4;

  /** The size of the structure in bytes. */
  static final int SIZE = FIELDS * LENGTH;

  /** How far the names may lie from where they should, in bytes; the right place first. */
  private static final int[] SHIFTS = {0, -4, 4, -8, 8};

  private KdumpUtsname() {}

  /** The names in {@code bytes}, one behind the other, each ended by a NUL. */
  static String parse(byte[] bytes) {
    for (int shift : SHIFTS) {
      if (Machine.named(field(bytes, MACHINE, shift)).isPresent()) {
        return all(bytes, shift);
      }
    }
    return all(bytes, 0);
  }

  /** The names in what {@link #parse} gave, one by one. */
  static List<String> names(String utsname) {
    return List.of(utsname.split("\0", -1)).subList(0, FIELDS);
  }

  /** The bytes of {@code names}, each cut where its NUL must be. */
  static byte[] bytes(List<String> names) {
    byte[] all = new byte[SIZE];
    for (int i = 0; i < Math.min(FIELDS, names.size()); i++) {
      byte[] name = names.get(i).getBytes(StandardCharsets.ISO_8859_1);
      System.arraycopy(name, 0, all, i * LENGTH, Math.min(name.length, LENGTH - 1));
    }
    return all;
  }

  /** The machine's name in what {@link #parse} gave; may be empty. */
  static String machine(String utsname) {
    return utsname.isEmpty() ? "" : utsname.split("\0", -1)[MACHINE];
  }

  /** Whether the names in what {@link #parse} gave begin as the kernel's do, or are left out. */
  static boolean isInPlace(String utsname) {
    return utsname.isEmpty() || utsname.charAt(0) == '\0' || utsname.startsWith("Linux\0");
  }

  private static String all(byte[] bytes, int shift) {
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < FIELDS; i++) {
      names.append(field(bytes, i, shift)).append('\0');
    }
    return names.toString();
  }

  private static String field(byte[] bytes, int field, int shift) {
    int from = Math.max(0, field * LENGTH + shift);
    int most = Math.min(SIZE, (field + 1) * LENGTH + shift);
    int end = from;
    while (end < most && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
  }
}
