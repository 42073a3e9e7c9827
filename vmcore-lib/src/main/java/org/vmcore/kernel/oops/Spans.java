package org.vmcore.kernel.oops;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where reports begin in the log, and where the first panic is. */
final class Spans {
  /** A trap more lines than this behind an event is another oops's. */
  private static final int MOST_LINES_BETWEEN = 64;

  private final List<Span> spans = new ArrayList<>();
  private @Nullable Span open;
  private int panic = -1;

  private Spans() {}

  static Spans of(List<LogLine> lines) {
    Spans spans = new Spans();
    for (int i = 0; i < lines.size() && spans.panic < 0; i++) {
      if (lines.get(i).isOfKernel()) {
        spans.line(i, lines.get(i).text());
      }
    }
    return spans;
  }

  private void line(int index, String line) {
    if (Wordings.isPanic(line)) {
      panic = index;
    } else if (line.startsWith("---[ end trace")) {
      survived();
    } else {
      word(index, line);
    }
  }

  private void survived() {
    if (open != null) {
      open.survive();
      open = null;
    }
  }

  private void word(int index, String line) {
    CrashKind event = Wordings.event(line);
    CrashKind remark = event == null ? Wordings.remark(line) : null;
    CrashKind trap = event == null && remark == null ? Wordings.trap(line) : null;
    if (event != null) {
      begin(new Span(index, event, false));
    } else if (remark != null) {
      begin(new Span(index, remark, true));
    } else if (trap != null) {
      trap(index, trap);
    } else if (open != null && Wordings.isDetail(line)) {
      open.detail();
    }
  }

  private void begin(Span span) {
    spans.add(span);
    open = span;
  }

  private void trap(int index, CrashKind kind) {
    Span event = open;
    boolean belongs = event != null && !event.isRemark && !event.hasDetails();
    if (event != null && belongs && index - event.start < MOST_LINES_BETWEEN) {
      event.trap(kind);
    } else {
      Span span = new Span(index, kind, false);
      span.trap(kind);
      begin(span);
    }
  }

  /** The line of the panic; -1 where there is none. */
  int panic() {
    return panic;
  }

  /** Those before the panic. */
  List<Span> all() {
    return spans;
  }
}
