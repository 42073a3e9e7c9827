package org.vmcore.kernel.oops;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the kernel's log tells of the crash: what happened, where, and who was running.
 *
 * <p>The report that counts is that of the panic; where a panic only says that an oops or a warning
 * was fatal, or there is none, the last oops or, where it came in the course of another, that one.
 */
public final class CrashReport {
  private static final int MOST_EARLIER = 8;

  /** How far in front of an event, and behind its first line, the lines lie that say more. */
  private static final int NEAR = 4;

  /** What went wrong so long before it belongs to it, in nanoseconds. */
  private static final long ONE_TROUBLE = 60_000_000_000L;

  private final List<LogLine> lines;
  private final int[] records;
  private final Spans spans;
  private final Chosen chosen;
  private final Region event;
  private final Region panic;

  private CrashReport(List<LogLine> lines, int[] records, Spans spans) {
    this.lines = lines;
    this.records = records;
    this.spans = spans;
    this.chosen = Chosen.of(lines, spans);
    int panicked = spans.panic() < 0 ? lines.size() : spans.panic();
    Span span = chosen.span(spans);
    this.event = Region.of(lines, span == null ? panicked : span.start, end(panicked));
    this.panic = Region.of(lines, panicked, lines.size());
  }

  /**
   * What {@code lines} tell.
   *
   * @param records of each line the number of its record
   */
  static CrashReport of(List<LogLine> lines, int[] records) {
    return new CrashReport(lines, records, Spans.of(lines));
  }

  /** Where the next report begins; but one in the course of an oops belongs to it. */
  private int end(int panicked) {
    int next = chosen.index() + 1;
    boolean isNext = chosen.index() >= 0 && next < spans.all().size();
    return isNext ? spans.all().get(next).start : panicked;
  }

  /** What kind of crash it is. */
  public CrashKind kind() {
    if (isPlace("sysrq_handle_crash")) {
      return CrashKind.SYSRQ; // before 4.18 it wrote to a null pointer
    }
    boolean isWild =
        chosen.kind() == CrashKind.GENERAL_PROTECTION || chosen.kind() == CrashKind.PAGE_FAULT;
    return isWild && (event.has("KASAN: null-ptr-deref") || isFirstPage())
        ? CrashKind.NULL_POINTER
        : chosen.kind();
  }

  /** s390 tells the page's address in a line of its own. */
  private boolean isFirstPage() {
    Optional<String> address = event.line("Failing address: ");
    return address.isPresent()
        && (address.get().startsWith("0000000000000000 ")
            || address.get().equals("0000000000000000"));
  }

  /** Whether the kernel went on behind it: there is no panic, and the oops came to its end. */
  public boolean isSurvived() {
    return spans.panic() < 0 && chosen.isSurvived(spans);
  }

  private boolean isPlace(String symbol) {
    Optional<CodePlace> place = place();
    return place.isPresent() && place.get().symbol().equals(symbol);
  }

  /**
   * The line that tells of it: that of the panic or, where this only says that an oops was fatal or
   * there is none, the first of the oops.
   */
  public Optional<String> panic() {
    if (spans.panic() < 0) {
      return event();
    }
    String line = lines.get(spans.panic()).text();
    boolean follows = Wordings.following(Wordings.message(line)) == CrashKind.OOPS;
    return follows && chosen.index() >= 0 ? event() : Optional.of(line);
  }

  /** The first line of the report that counts: of the oops, the lockup, the warning. */
  public Optional<String> event() {
    Span span = chosen.span(spans);
    return span == null ? Optional.empty() : Optional.of(lines.get(span.start).text());
  }

  /** A line beside it that says more: what was wrong with a list, what a warning is about. */
  public Optional<String> detail() {
    Span span = chosen.span(spans);
    int at = span == null ? spans.panic() : span.start;
    return at < 0 ? Optional.empty() : Detail.of(lines, at, kind(), NEAR);
  }

  /** Where the kernel was when it happened, as far as the log names it. */
  public Optional<CodePlace> place() {
    Optional<InstructionLine> instruction = event.instruction();
    if (instruction.isEmpty() && isNoticed()) {
      instruction = panic.instruction();
    }
    return instruction.isPresent() ? instruction.get().place() : Plumbing.first(panic.frames());
  }

  /** Whether it is an interrupt that panicked, for what it found, and not what ran there. */
  private boolean isNoticed() {
    return switch (chosen.kind()) {
      case SOFT_LOCKUP, HARD_LOCKUP, RCU_STALL, NMI, MACHINE_CHECK -> true;
      default -> false;
    };
  }

  /** The call trace of the report that counts, from where the kernel was outward. */
  public List<CodePlace> frames() {
    List<CodePlace> frames = event.frames();
    return frames.isEmpty() ? panic.frames() : frames;
  }

  /** The call trace of the CPU that panicked. */
  public List<CodePlace> panicFrames() {
    List<CodePlace> frames = panic.frames();
    return frames.isEmpty() ? event.frames() : frames;
  }

  private Optional<CpuLine> who() {
    Optional<CpuLine> who = panic.cpu();
    return who.isPresent() ? who : event.cpu();
  }

  /** The CPU that panicked. */
  public OptionalInt cpu() {
    Optional<CpuLine> who = who();
    return who.isEmpty() ? OptionalInt.empty() : who.get().cpu();
  }

  /** The task that ran on it. */
  public Optional<TaskName> task() {
    Optional<CpuLine> who = who();
    return who.isEmpty() ? Optional.empty() : who.get().task();
  }

  /**
   * The letters of what the kernel was tainted by, without P or G; empty where the log doesn't
   * tell.
   */
  public Optional<String> taints() {
    Optional<CpuLine> who = who();
    return who.isEmpty() ? Optional.empty() : Optional.of(who.get().taints());
  }

  /** The machine's name. */
  public Optional<String> hardware() {
    Optional<String> name = panic.hardware();
    return name.isPresent() ? name : event.hardware();
  }

  /** The modules that the log marks as not of the kernel's own tree. */
  public List<String> outOfTree() {
    Optional<String> modules = event.modules();
    return ModulesLine.outOfTree(modules.isPresent() ? modules.get() : panic.modules().orElse(""));
  }

  /** When it happened, in nanoseconds since the boot, where the log tells. */
  public OptionalLong nanoseconds() {
    int at = spans.panic() >= 0 ? spans.panic() : first();
    long time = at < 0 ? 0 : lines.get(at).nanoseconds();
    return time == 0 ? OptionalLong.empty() : OptionalLong.of(time);
  }

  /** Whom the report names, who isn't always who panicked: the stuck CPU, the blocked tasks. */
  public Suspects suspects() {
    return Suspects.of(chosen.kind(), event.lines(), firstBlocked());
  }

  /** Of hung tasks all that the check told of. */
  private List<LogLine> firstBlocked() {
    int from = chosen.index() < 0 ? lines.size() : first();
    int to = spans.panic() < 0 ? lines.size() : spans.panic();
    return LogLine.ofKernel(lines.subList(Math.min(from, to), to));
  }

  /** At most so many lines in front of the report. */
  public List<LogLine> before(int most) {
    int end = first() < 0 ? lines.size() : first();
    return lines.subList(Math.max(0, end - most), end);
  }

  /** The first line of the report, and that of the panic behind it. */
  public List<LogLine> telling() {
    List<LogLine> telling = new ArrayList<>();
    if (first() >= 0) {
      telling.add(lines.get(first()));
    }
    if (spans.panic() > first()) {
      telling.add(lines.get(spans.panic()));
    }
    return telling;
  }

  private int first() {
    Span span = chosen.span(spans);
    return span == null ? spans.panic() : span.start;
  }

  /**
   * The number of the record with which the trouble begins, in the order in which {@link
   * CrashLines} were told of them, from 0 on: that of the report's first line and what stands right
   * in front of it, or of an earlier report that came less than a minute before. Empty where there
   * is no crash.
   */
  public OptionalLong beginning() {
    int at = first();
    if (at < 0) {
      return OptionalLong.empty();
    }
    long time = lines.get(at).nanoseconds();
    for (Span span : spans.all()) {
      long before = lines.get(span.start).nanoseconds();
      if (span.start < at && before != 0 && time - before < ONE_TROUBLE) {
        at = span.start;
      }
    }
    return OptionalLong.of(records[inFront(at)]);
  }

  /**
   * The first of the lines in front of {@code at} that belong to it; itself where there is none.
   */
  private int inFront(int at) {
    int first = at;
    for (int i = at - 1; i >= Math.max(0, at - NEAR); i--) {
      LogLine line = lines.get(i);
      boolean isOfSame = line.isOfKernel() && line.caller().equals(lines.get(at).caller());
      first = isOfSame && Detail.isInFront(line.text()) ? i : first;
    }
    return first;
  }

  /** The first lines of what went wrong before it, the last of these. */
  public List<LogLine> earlier() {
    List<LogLine> earlier = new ArrayList<>();
    int to = chosen.index() < 0 ? spans.all().size() : chosen.index();
    for (int i = Math.max(0, to - MOST_EARLIER); i < to; i++) {
      earlier.add(lines.get(spans.all().get(i).start));
    }
    return earlier;
  }

  @Override
  public String toString() {
    String line = panic().orElse("");
    return kind() + (line.isEmpty() ? "" : ": " + line);
  }
}
