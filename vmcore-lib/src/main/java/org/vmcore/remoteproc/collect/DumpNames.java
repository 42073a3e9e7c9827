package org.vmcore.remoteproc.collect;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.vmcore.remoteproc.Devcoredump;
import org.vmcore.values.FileNames;

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

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  static DumpNames of(Path folder, Devcoredump dump, Instant time) {
    String device = FileNames.safe(dump.device().orElse(dump.name()));
    String stem = (device.isEmpty() ? "device" : device) + "-" + TIME.format(time);
    return new DumpNames(folder, stem);
  }

  /** The n-th one, from 1 on. */
  Path name(int n, boolean whole) {
    return folder.resolve(stem + (n == 1 ? "" : "-" + n) + SUFFIX + (whole ? "" : PARTIAL));
  }
}
