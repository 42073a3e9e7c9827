package org.vmcore.kernel.oops;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which report tells of the crash, and of what kind it is.
 *
 * @param index its place among the spans; -1 where there is none
 */
record Chosen(CrashKind kind, int index) {
  /** Reports of blocked tasks that are further back are of an earlier check. */
  private static final long ONE_CHECK = 60_000_000_000L;

  static Chosen of(List<LogLine> lines, Spans spans) {
    if (spans.panic() < 0) {
      return fatal(spans.all(), last(spans, false), CrashKind.NONE);
    }
    String message = Wordings.message(lines.get(spans.panic()).text());
    CrashKind following = Wordings.following(message);
    if (following == CrashKind.OOPS) {
      int trapped = last(spans, true);
      return fatal(spans.all(), trapped < 0 ? last(spans, false) : trapped, CrashKind.OOPS);
    }
    if (following != null) {
      int last = spans.all().size() - 1;
      return new Chosen(last < 0 ? following : spans.all().get(last).kind(), last);
    }
    CrashKind kind = Wordings.panic(message);
    return new Chosen(kind, kind == CrashKind.HUNG_TASK ? hung(lines, spans) : last(spans, kind));
  }

  /** That at {@code last}, or the oops in whose course it came. */
  private static Chosen fatal(List<Span> all, int last, CrashKind otherwise) {
    int index = last;
    for (int i = index - 1; i >= 0 && all.get(index).isTrapped(); i--) {
      if (all.get(i).isTrapped() && all.get(i).isSurvived()) {
        break;
      }
      index = all.get(i).isTrapped() ? i : index;
    }
    return index < 0 ? new Chosen(otherwise, -1) : new Chosen(all.get(index).kind(), index);
  }

  /** The last that was no remark. */
  private static int last(Spans spans, boolean isTrapped) {
    int index = spans.all().size() - 1;
    while (index >= 0 && !isFatal(spans.all().get(index), isTrapped)) {
      index--;
    }
    return index;
  }

  private static boolean isFatal(Span span, boolean isTrapped) {
    return isTrapped ? span.isTrapped() : !span.isRemark;
  }

  private static int last(Spans spans, CrashKind kind) {
    int index = spans.all().size() - 1;
    while (index >= 0 && spans.all().get(index).kind() != kind) {
      index--;
    }
    return index;
  }

  /** The first task that the check before the panic told of. */
  private static int hung(List<LogLine> lines, Spans spans) {
    long panicked = lines.get(spans.panic()).nanoseconds();
    int first = -1;
    for (int i = spans.all().size() - 1; i >= 0; i--) {
      Span span = spans.all().get(i);
      if (panicked - lines.get(span.start).nanoseconds() > ONE_CHECK) {
        break;
      }
      first = span.kind() == CrashKind.HUNG_TASK ? i : first;
    }
    return first;
  }

  /** Whether it, or what came in its course, came to its end. */
  boolean isSurvived(Spans spans) {
    for (int i = Math.max(0, index); index >= 0 && i < spans.all().size(); i++) {
      Span span = spans.all().get(i);
      if (!span.isRemark && span.isSurvived()) {
        return true;
      }
    }
    return false;
  }

  @Nullable Span span(Spans spans) {
    return index < 0 ? null : spans.all().get(index);
  }
}
