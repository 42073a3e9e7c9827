package org.vmcore.cli.output;

/** Tells on stderr how far something long is: after the first second, twice a second. */
public final class Progress {
  private static final long SECOND = 1_000_000_000L;
  private static final long INTERVAL = SECOND / 2;
  private static final long UNKNOWN = -1;

  private final Console console;
  private final String label;
  private final boolean shown;
  private final boolean isTerminal;
  private final long total;
  private final long start = System.nanoTime();
  private long next = start + SECOND;
  private long done;
  private int width;

  private Progress(Console console, String label, boolean shown, long total) {
    this.console = console;
    this.label = label;
    this.shown = shown;
    this.isTerminal = shown && console.isErrTerminal();
    this.total = total;
  }

  /**
   * The progress of {@code total} bytes.
   *
   * @param toStdout whether the bytes go to stdout, which may be the same terminal
   */
  public static Progress of(Console console, When when, long total, boolean toStdout) {
    boolean shown =
        switch (when) {
          case ALWAYS -> true;
          case NEVER -> false;
          case AUTO -> console.isErrTerminal() && !(toStdout && console.isOutTerminal());
        };
    return new Progress(console, "", shown, total);
  }

  /** The progress of {@code total} bytes that don't go to stdout, behind {@code label}. */
  public static Progress of(Console console, When when, String label, long total) {
    boolean shown = when == When.ALWAYS || (when == When.AUTO && console.isErrTerminal());
    return new Progress(console, label, shown, total);
  }

  /** The progress of streams whose lengths nobody knows, that don't go to stdout. */
  public static Progress ofStreams(Console console, When when) {
    return of(console, when, "", UNKNOWN);
  }

  /** {@code bytes} more are done. */
  public void add(long bytes) {
    done += bytes;
    if (shown && System.nanoTime() - next >= 0) {
      long now = System.nanoTime();
      next = now + INTERVAL;
      show(now - start);
    }
  }

  private void show(long elapsed) {
    double rate = done / (elapsed / (double) SECOND);
    String speed = HumanSize.of((long) rate) + "/s";
    String text = label + HumanSize.of(done) + (total == UNKNOWN ? ", " + speed : of(rate, speed));
    int shorter = Math.max(0, width - text.length());
    width = text.length();
    console.status(isTerminal ? "\r" + text + " ".repeat(shorter) : text + "\n");
  }

  private String of(double rate, String speed) {
    long left = rate > 0 ? (long) ((total - done) / rate) : 0;
    int percent = total == 0 ? 100 : (int) (done * 100.0 / total);
    return " of "
        + HumanSize.of(total)
        + ", "
        + percent
        + " %, "
        + speed
        + ", "
        + time(left)
        + " left";
  }

  /** {@code 12:05} or {@code 3:12:05}. */
  private static String time(long seconds) {
    String minutes = two(seconds / 60 % 60) + ":" + two(seconds % 60);
    return seconds < 3600 ? minutes : seconds / 3600 + ":" + minutes;
  }

  private static String two(long number) {
    return number < 10 ? "0" + number : Long.toString(number);
  }

  /** Takes the line away again. */
  public void finish() {
    if (isTerminal && width > 0) {
      console.status("\r" + " ".repeat(width) + "\r");
    }
    width = 0;
  }
}
