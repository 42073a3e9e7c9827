package org.vmcore.kernel.oops;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Collects the lines of the kernel's log that may tell of a crash, the last {@value #MOST} of them.
 * What programs write to {@code /dev/kmsg} never has the kernel's facility: that tells nothing of a
 * crash, whatever it says.
 */
public final class CrashLines {
  private static final int MOST = 1 << 16;

  /** So many lines back one is looked for that a record goes on with. */
  private static final int MOST_BACK = 64;

  /** What goes on behind so many characters of a line is left out. */
  private static final int LONGEST = 1 << 16;

  private final List<LogLine> lines = new ArrayList<>();

  /** Of each line the number of the record that it is of, counted from 0. */
  private int[] records = new int[1024];

  private int count;

  /** No lines so far. */
  public CrashLines() {}

  /**
   * Adds a record.
   *
   * @param facility syslog's: 0 is the kernel
   * @param isContinuation whether it goes on with the record before it
   * @param caller who wrote it, where the log keeps it
   */
  public void record(
      long nanoseconds,
      int facility,
      boolean isContinuation,
      Optional<String> caller,
      byte[] text) {
    String all = new String(text, StandardCharsets.UTF_8);
    count++;
    int from = isContinuation && facility == 0 ? goOn(caller, all) : 0;
    while (from < all.length()) {
      int newline = all.indexOf('\n', from);
      int end = newline < 0 ? all.length() : newline;
      add(new LogLine(nanoseconds, caller, facility == 0, all.substring(from, end)));
      from = end + 1;
    }
  }

  /** Joins the first line to the last one of its writer, and gives where the next begins. */
  private int goOn(Optional<String> caller, String text) {
    int newline = text.indexOf('\n');
    int last = lines.size() - 1;
    int first = Math.max(0, lines.size() - MOST_BACK);
    while (last >= first && !isOf(lines.get(last), caller)) {
      last--;
    }
    if (last < first) {
      return 0;
    }
    LogLine begun = lines.get(last);
    String all = newline < 0 ? text : text.substring(0, newline);
    int room = Math.max(0, LONGEST - begun.text().length());
    String more = all.length() <= room ? all : all.substring(0, room);
    lines.set(
        last, new LogLine(begun.nanoseconds(), caller, begun.isOfKernel(), begun.text() + more));
    return newline < 0 ? text.length() : newline + 1;
  }

  private static boolean isOf(LogLine line, Optional<String> caller) {
    return line.isOfKernel() && line.caller().equals(caller);
  }

  private void add(LogLine line) {
    if (lines.size() == 2 * MOST) {
      lines.subList(0, MOST).clear();
      System.arraycopy(records, MOST, records, 0, MOST);
    }
    if (lines.size() == records.length) {
      records = Arrays.copyOf(records, 2 * records.length);
    }
    records[lines.size()] = count - 1;
    lines.add(line);
  }

  /** What they tell of the crash. */
  public CrashReport report() {
    int from = Math.max(0, lines.size() - MOST);
    return CrashReport.of(
        List.copyOf(lines.subList(from, lines.size())),
        Arrays.copyOfRange(records, from, lines.size()));
  }
}
