package org.vmcore.cli.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.TextOut;
import org.vmcore.kernel.crash.Crash;
import org.vmcore.kernel.crash.CrashFrame;
import org.vmcore.kernel.crash.CrashStack;
import org.vmcore.kernel.crash.Guilty;
import org.vmcore.kernel.oops.CrashKind;
import org.vmcore.kernel.oops.LogLine;
import org.vmcore.kernel.oops.TaskName;
import org.vmcore.kernel.tasks.Task;

/** A crash for people, on one screen. */
final class CrashText {
  private static final int KEY_WIDTH = 14;
  private static final int SECONDS_WIDTH = 5;
  private static final long SECOND = 1_000_000_000L;

  /** So many frames of a stack are shown at most, and tasks in D. */
  private static final int MOST_FRAMES = 32;

  private static final int MOST_TASKS = 8;
  private static final int MOST_LINES = 8;

  private final TextOut out;

  CrashText(TextOut out) {
    this.out = out;
  }

  /** The first line of the report, where the panic's isn't the same. */
  static Optional<String> event(Crash crash) {
    Optional<String> event = crash.report().event();
    return event.equals(crash.panic()) ? Optional.empty() : event;
  }

  /** The last lines before the report, and those that tell of it. */
  static List<LogLine> log(Crash crash) {
    List<LogLine> lines = new ArrayList<>(crash.report().before(MOST_LINES));
    lines.addAll(crash.report().telling());
    return lines;
  }

  void write(Crash crash) {
    key(CrashJson.KIND).line(crash.kind().text());
    text(CrashJson.PANIC, crash.panic());
    text(CrashJson.EVENT, event(crash));
    text(CrashJson.DETAIL, crash.report().detail());
    if (crash.ip().isPresent()) {
      place(crash.ip().get());
    }
    if (crash.cpu().isPresent()) {
      key(CrashJson.CPU).decimal(crash.cpu().getAsInt()).line();
    }
    text(CrashJson.WHO, crash.task().map(TaskName::toString));
    if (crash.guilty().isPresent()) {
      guilty(crash.guilty().get());
    }
    about(crash);
    if (crash.kind() != CrashKind.NONE) {
      fingerprint(crash);
    }
    for (CrashStack stack : crash.stacks()) {
      stack(stack, stack.isGuilty() && !isNobodys(crash));
    }
    log(log(crash));
  }

  private TextOut key(Field field) {
    return out.text(field.title()).put(':').spaces(KEY_WIDTH - field.title().length());
  }

  private void text(Field field, Optional<String> text) {
    if (text.isPresent()) {
      key(field).line(text.get());
    }
  }

  private void place(CrashFrame frame) {
    key(CrashJson.PLACE).text(frame.toString());
    if (frame.address().isPresent() && frame.place().isPresent()) {
      out.text(" (").hex(frame.address().getAsLong()).put(')');
    }
    out.line();
  }

  private void guilty(Guilty guilty) {
    key(CrashJson.BLAME);
    if (guilty.task().isPresent()) {
      out.text(guilty.task().get().toString());
    } else {
      out.text("no task");
    }
    if (guilty.cpu().isPresent()) {
      out.text(", CPU ").decimal(guilty.cpu().getAsInt());
    }
    out.text(": ").line(guilty.why());
  }

  private void about(Crash crash) {
    if (crash.taints().isPresent()) {
      String letters = crash.taints().get().letters();
      key(CrashJson.TAINTS).line(letters.isEmpty() ? "none" : letters);
    }
    text(CrashJson.HARDWARE, crash.hardware());
    if (crash.uptime().isPresent()) {
      key(CrashJson.UPTIME);
      time(crash.uptime().getAsLong(), 0);
      out.line(" s");
    }
    if (!crash.outOfTree().isEmpty()) {
      key(CrashJson.OUT_OF_TREE).line(String.join(", ", crash.outOfTree()));
    }
    blocked(crash.uninterruptible());
    for (LogLine line : crash.report().earlier()) {
      key(CrashJson.EARLIER);
      line(line);
    }
  }

  private void blocked(List<Task> tasks) {
    if (tasks.isEmpty()) {
      return;
    }
    key(CrashJson.UNINTERRUPTIBLE);
    int shown = Math.min(tasks.size(), MOST_TASKS);
    for (int i = 0; i < shown; i++) {
      out.text(i == 0 ? "" : ", ").text(tasks.get(i).comm()).put(':').decimal(tasks.get(i).pid());
    }
    if (tasks.size() > shown) {
      out.text(" and ").decimal(tasks.size() - shown).text(" more");
    }
    out.line();
  }

  private void fingerprint(Crash crash) {
    key(CrashJson.FINGERPRINT).text(crash.fingerprint().value()).text(" of ");
    out.line(String.join(" / ", crash.fingerprint().inputs()));
  }

  /** Whether code is at fault that ran for no task, in an interrupt. */
  private static boolean isNobodys(Crash crash) {
    return crash.guilty().isPresent() && crash.guilty().get().task().isEmpty();
  }

  private void stack(CrashStack stack, boolean isGuilty) {
    out.line();
    out.text(isGuilty ? "guilty" : "").text(isGuilty && stack.isPanicking() ? ", " : "");
    out.text(stack.isPanicking() ? "panicked" : "");
    if (stack.task().isPresent()) {
      out.text(": ").text(stack.task().get().toString());
    }
    if (stack.cpu().isPresent()) {
      out.text(", CPU ").decimal(stack.cpu().getAsInt());
    }
    out.line(stack.isOfLog() ? " (by the log)" : "");
    frames(stack.frames());
    if (stack.brokenOff().isPresent()) {
      out.text("    breaks off: ").line(stack.brokenOff().get().message());
    }
  }

  /** What recursion repeats is shown once, and how often it follows. */
  private void frames(List<CrashFrame> frames) {
    int shown = 0;
    for (int i = 0; i < frames.size() && shown < MOST_FRAMES; shown++) {
      int same = i + 1;
      while (same < frames.size() && frames.get(same).equals(frames.get(i))) {
        same++;
      }
      frame(i, frames.get(i));
      if (same - i > 1) {
        out.text("    and ").count(same - i - 1, "time").line(" more");
      }
      i = same;
      if (shown == MOST_FRAMES - 1 && i < frames.size()) {
        out.text("    and ").count(frames.size() - i, "frame").line(" more, see vmcore bt");
      }
    }
  }

  private void frame(int index, CrashFrame frame) {
    out.spaces(index < 10 ? 1 : 0).put('#').decimal(index).put(' ');
    if (frame.address().isPresent()) {
      out.hex(frame.address().getAsLong()).put(' ');
    }
    out.text(frame.isReliable() ? "" : "? ");
    out.line(frame.place().isPresent() ? frame.place().get().toString() : "-");
  }

  private void log(List<LogLine> lines) {
    if (!lines.isEmpty()) {
      out.line().line("the last messages:");
      lines.forEach(this::line);
    }
  }

  /** In the form of vmcore-dmesg. */
  private void line(LogLine line) {
    out.put('[');
    time(line.nanoseconds(), SECONDS_WIDTH);
    out.text("] ").line(line.text());
  }

  private void time(long nanoseconds, int width) {
    long seconds = Long.divideUnsigned(nanoseconds, SECOND);
    long micros = Long.remainderUnsigned(nanoseconds, SECOND) / 1000;
    out.spaces(width - TextOut.decimalDigits(seconds)).decimal(seconds).put('.');
    for (long unit = 100_000; unit > 0; unit /= 10) {
      out.put((char) ('0' + micros / unit % 10));
    }
  }
}
