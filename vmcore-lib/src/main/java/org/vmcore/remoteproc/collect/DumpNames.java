package org.vmcore.remoteproc.collect;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.vmcore.remoteproc.Devcoredump;

/**
 * The names that a dump's file may have: {@code remoteproc0-20261129T155752Z.devcoredump}, by its
 * device and the time (UTC), with a number behind it where that is taken.
 *
 * @param folder where the file is
 * @param stem the name up to the number
 */
record DumpNames(Path folder, String stem) {
  private static final String SUFFIX = ".devcoredump";
  private static final String PARTIAL = ".partial";

  /** With all that stands behind it the name stays far below the 255 bytes that it may have. */
  private static final int LONGEST = 100;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  static DumpNames of(Path folder, Devcoredump dump, Instant time) {
    return new DumpNames(folder, safe(dump.device().orElse(dump.name())) + "-" + TIME.format(time));
  }

  /** The n-th one, from 1 on. */
  Path name(int n, boolean whole) {
    return folder.resolve(stem + (n == 1 ? "" : "-" + n) + SUFFIX + (whole ? "" : PARTIAL));
  }

  /** Drivers name their devices: what isn't safe in a file's name becomes an underscore. */
  private static String safe(String name) {
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < Math.min(name.length(), LONGEST); i++) {
      char c = name.charAt(i);
      boolean isSafe = isLetterOrDigit(c) || c == '_' || (i > 0 && (c == '-' || c == '.'));
      safe.append(isSafe ? c : '_');
    }
    return safe.isEmpty() ? "device" : safe.toString();
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }
}
