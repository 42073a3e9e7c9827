package org.vmcore.cli.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Kind;
import org.vmcore.kernel.crash.Crash;
import org.vmcore.kernel.crash.CrashFrame;
import org.vmcore.kernel.crash.CrashStack;
import org.vmcore.kernel.crash.Guilty;
import org.vmcore.kernel.oops.CodePlace;
import org.vmcore.kernel.oops.CrashKind;
import org.vmcore.kernel.oops.LogLine;
import org.vmcore.kernel.oops.TaskName;
import org.vmcore.kernel.tasks.Task;

/** A crash in JSON. */
final class CrashJson {
  private static final Fields IP = new Fields();
  private static final Field IP_ADDRESS = IP.address("address", "Kernel virtual.").optional();
  private static final Field IP_SYMBOL = IP.text("symbol", "The function.").optional();
  private static final Field IP_OFFSET =
      IP.offset("offset", "How far behind the function's beginning.").optional();
  private static final Field IP_MODULE =
      IP.text("module", "Whose it is; left out for the kernel itself.").optional();

  private static final Fields GUILTY = new Fields();
  private static final Field GUILTY_CPU =
      GUILTY.index("cpu", "On which it ran, or ran last.").optional();
  private static final Field GUILTY_TASK =
      GUILTY
          .text("task", "Its name; left out where it is no task's fault, but an interrupt's.")
          .optional();
  private static final Field GUILTY_PID = GUILTY.number("pid", "Its number.").optional();
  private static final Field WHY = GUILTY.text("why", "How that is known.");
  private static final Field CERTAIN =
      GUILTY.flag(
          "certain", "Whether the kernel itself keeps it; else it is what most speaks for.");

  private static final Fields FRAME = new Fields();
  private static final Field ADDRESS =
      FRAME
          .address(
              "address",
              "Where it was interrupted or, of a caller, where what it called returns to.")
          .optional();
  private static final Field SYMBOL = FRAME.text("symbol", "The function.").optional();
  private static final Field OFFSET =
      FRAME.offset("offset", "How far behind the function's beginning.").optional();
  private static final Field MODULE =
      FRAME.text("module", "Whose it is; left out for the kernel itself.").optional();
  private static final Field RELIABLE = FRAME.flag("reliable", "Whether it is certain.");

  private static final Fields STACK = new Fields();
  private static final Field STACK_PID = STACK.number("pid", "The task's number.").optional();
  private static final Field STACK_CPU =
      STACK.index("cpu", "On which it ran, or ran last.").optional();
  private static final Field STACK_COMM = STACK.text("comm", "Its name.").optional();
  private static final Field STACK_GUILTY = STACK.flag("guilty", "Whether it is at fault.");
  private static final Field STACK_PANICKING =
      STACK.flag("panicking", "Whether it is that of the CPU that panicked.");
  private static final Field SOURCE = STACK.text("source", "What tells it.").oneOf("memory", "log");
  private static final Field FRAMES =
      STACK.records("frames", FRAME, "The innermost first; functions that were inlined have none.");
  private static final Field BROKEN_OFF =
      STACK
          .text("broken_off", "Why there are no more frames, where they end too early.")
          .optional();

  private static final Fields LINE = new Fields();
  private static final Field TIME = LINE.add("ts_nsec", Kind.NANOSECONDS, "Since the boot.");
  private static final Field TEXT = LINE.text("text", "Without its newline.");

  private static final Fields TASK = new Fields();
  private static final Field TASK_PID = TASK.number("pid", "Its number.");
  private static final Field TASK_COMM = TASK.text("comm", "Its name.");
  private static final Field TASK_ADDRESS = TASK.address("address", "Of its struct task_struct.");

  static final Fields FIELDS = Fields.ofDumps();
  static final Field KIND =
      FIELDS.text("kind", "What kind of crash it is.").titled("kind").oneOf(kinds());
  static final Field PANIC =
      FIELDS
          .text("panic", "The line of the log that tells of it, as info has it.")
          .titled("panic")
          .optional();
  static final Field EVENT =
      FIELDS
          .text("event", "The first line of the report before a panic: a lockup's, a warning's.")
          .titled("event")
          .optional();
  static final Field DETAIL =
      FIELDS
          .text("detail", "A line beside it that says more: what was wrong with a list.")
          .titled("detail")
          .optional();
  static final Field PLACE =
      FIELDS
          .object(
              "ip",
              IP,
              "Where it happened: the instruction that faulted, that a CPU is stuck at, or that"
                  + " called panic.")
          .titled("at")
          .optional();
  static final Field CPU = FIELDS.index("cpu", "The CPU that panicked.").titled("CPU").optional();
  static final Field WHO =
      FIELDS.text("task", "The name of the task that ran on it.").titled("task").optional();
  static final Field PID = FIELDS.number("pid", "Its number.").optional();
  static final Field BLAME =
      FIELDS
          .object(
              "guilty",
              GUILTY,
              "Who is at fault; left out of a crash that was asked for, and where nothing tells.")
          .titled("guilty")
          .optional();
  static final Field TAINTS =
      FIELDS
          .text("taints", "What tainted the kernel, in letters; empty when nothing did.")
          .titled("taints")
          .optional();
  static final Field HARDWARE =
      FIELDS.text("hardware", "The machine's name.").titled("hardware").optional();
  static final Field UPTIME =
      FIELDS
          .add("uptime_nsec", Kind.NANOSECONDS, "How long the kernel ran.")
          .titled("uptime")
          .optional();
  static final Field OUT_OF_TREE =
      FIELDS
          .texts("out_of_tree", "The modules that weren't built from the kernel's own sources.")
          .titled("out of tree");
  static final Field UNINTERRUPTIBLE =
      FIELDS.records("uninterruptible", TASK, "The tasks in state D.").titled("in D");
  static final Field EARLIER =
      FIELDS
          .records("earlier", LINE, "The first lines of what went wrong before, the last of these.")
          .titled("earlier");
  static final Field FINGERPRINT =
      FIELDS
          .text("fingerprint", "Equal for crashes of the same cause: a hash of what it is of.")
          .titled("fingerprint");
  static final Field FINGERPRINT_OF =
      FIELDS.texts(
          "fingerprint_of",
          "What it is of: the first 16 digits of the SHA-256 of these, each with a newline behind"
              + " it.");
  static final Field STACKS =
      FIELDS.records(
          "stacks", STACK, "That of the guilty task, then, where it is another, of who panicked.");
  static final Field LOG =
      FIELDS.records("log", LINE, "The last lines before it, and the lines that tell of it.");
  static final Field WARNINGS =
      FIELDS.texts("warnings", "What couldn't be had, and what the log alone tells therefore.");

  private final Json json;

  CrashJson(Json json) {
    this.json = json;
  }

  private static String[] kinds() {
    CrashKind[] kinds = CrashKind.values();
    String[] texts = new String[kinds.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = kinds[i].text();
    }
    return texts;
  }

  void put(Crash crash) {
    json.put(KIND, crash.kind().text());
    put(PANIC, crash.panic());
    put(EVENT, CrashText.event(crash));
    put(DETAIL, crash.report().detail());
    if (crash.ip().isPresent()) {
      json.object(PLACE);
      place(crash.ip().get(), IP_ADDRESS, IP_SYMBOL, IP_OFFSET, IP_MODULE);
      json.end();
    }
    put(CPU, crash.cpu());
    put(WHO, PID, crash.task());
    if (crash.guilty().isPresent()) {
      guilty(crash.guilty().get());
    }
    about(crash);
    json.put(FINGERPRINT, crash.fingerprint().value());
    json.put(FINGERPRINT_OF, crash.fingerprint().inputs());
    json.array(STACKS);
    for (CrashStack stack : crash.stacks()) {
      stack(stack);
    }
    json.end();
    lines(LOG, CrashText.log(crash));
    List<String> warnings = new ArrayList<>();
    crash.gaps().forEach(gap -> warnings.add(gap.message()));
    json.put(WARNINGS, warnings);
  }

  private void put(Field field, Optional<String> text) {
    if (text.isPresent()) {
      json.put(field, text.get());
    }
  }

  private void put(Field field, OptionalInt number) {
    if (number.isPresent()) {
      json.put(field, number.getAsInt());
    }
  }

  private void put(Field comm, Field pid, Optional<TaskName> task) {
    if (task.isPresent()) {
      json.put(comm, task.get().comm()).put(pid, task.get().pid());
    }
  }

  private void place(CrashFrame frame, Field address, Field symbol, Field offset, Field module) {
    if (frame.address().isPresent()) {
      json.put(address, frame.address().getAsLong());
    }
    if (frame.place().isPresent()) {
      CodePlace place = frame.place().get();
      json.put(symbol, place.symbol()).put(offset, place.offset());
      put(module, place.module());
    }
  }

  private void guilty(Guilty guilty) {
    json.object(BLAME);
    put(GUILTY_CPU, guilty.cpu());
    put(GUILTY_TASK, GUILTY_PID, guilty.task());
    json.put(WHY, guilty.why()).put(CERTAIN, guilty.isCertain()).end();
  }

  private void about(Crash crash) {
    if (crash.taints().isPresent()) {
      json.put(TAINTS, crash.taints().get().letters());
    }
    put(HARDWARE, crash.hardware());
    if (crash.uptime().isPresent()) {
      json.put(UPTIME, crash.uptime().getAsLong());
    }
    json.put(OUT_OF_TREE, crash.outOfTree()).array(UNINTERRUPTIBLE);
    for (Task task : crash.uninterruptible()) {
      json.object().put(TASK_PID, task.pid()).put(TASK_COMM, task.comm());
      json.put(TASK_ADDRESS, task.address()).end();
    }
    json.end();
    lines(EARLIER, crash.report().earlier());
  }

  private void lines(Field field, List<LogLine> lines) {
    json.array(field);
    for (LogLine line : lines) {
      json.object().put(TIME, line.nanoseconds()).put(TEXT, line.text()).end();
    }
    json.end();
  }

  private void stack(CrashStack stack) {
    json.object();
    if (stack.task().isPresent()) {
      json.put(STACK_PID, stack.task().get().pid());
    }
    put(STACK_CPU, stack.cpu());
    put(STACK_COMM, stack.task().map(TaskName::comm));
    json.put(STACK_GUILTY, stack.isGuilty()).put(STACK_PANICKING, stack.isPanicking());
    json.put(SOURCE, stack.isOfLog() ? "log" : "memory").array(FRAMES);
    for (CrashFrame frame : stack.frames()) {
      json.object();
      place(frame, ADDRESS, SYMBOL, OFFSET, MODULE);
      json.put(RELIABLE, frame.isReliable()).end();
    }
    json.end();
    if (stack.brokenOff().isPresent()) {
      json.put(BROKEN_OFF, stack.brokenOff().get().message());
    }
    json.end();
  }
}
