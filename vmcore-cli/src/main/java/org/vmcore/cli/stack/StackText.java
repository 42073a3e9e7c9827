package org.vmcore.cli.stack;

import java.util.List;
import org.vmcore.cli.output.TextOut;
import org.vmcore.elf.Register;
import org.vmcore.kernel.stacks.Frame;
import org.vmcore.kernel.stacks.Stack;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.values.Printable;

/** Stacks for people, much as crash prints them. */
public final class StackText {
  private static final int INDENT = 4;
  private static final int NAME = 8;
  private static final int DIGITS = 16;

  /** Registers in one line. */
  private static final int COLUMNS = 3;

  private StackText() {}

  /** Writes a stack: a line for its task, one for each frame, and registers. */
  public static void write(TextOut out, Stack stack) {
    head(out, stack);
    for (int i = 0; i < stack.frames().size(); i++) {
      frame(out, i, stack.frames().get(i));
    }
    if (stack.brokenOff().isPresent()) {
      out.spaces(INDENT).text("breaks off: ");
      out.line(Printable.text(stack.brokenOff().get().message()));
    }
    if (!stack.userRegisters().isEmpty()) {
      out.spaces(INDENT).line("user space:");
      registers(out, stack.userRegisters());
    }
  }

  private static void head(TextOut out, Stack stack) {
    out.text("PID ").decimal(stack.pid());
    if (stack.task().isPresent()) {
      Task task = stack.task().get();
      out.text("  TASK ").hex(task.address());
      if (task.cpu().isPresent()) {
        out.text("  CPU ").decimal(task.cpu().getAsInt());
      }
      out.text(task.isRunning() ? "  RUNNING" : "").text("  COMMAND ");
      out.text(Printable.text(task.comm()));
    }
    out.line();
  }

  private static void frame(TextOut out, int index, Frame frame) {
    out.spaces(index < 10 ? 1 : 0).put('#').decimal(index).put(' ').hex(frame.address()).put(' ');
    if (!frame.isReliable()) {
      out.text("? ");
    }
    if (frame.symbol().isPresent()) {
      out.text(Printable.text(frame.symbol().get().name())).put('+').hex(frame.offset());
    } else {
      out.put('-');
    }
    if (frame.module().isPresent()) {
      out.text(" [").text(Printable.text(frame.module().get())).put(']');
    }
    out.line();
    registers(out, frame.registers());
  }

  private static void registers(TextOut out, List<Register> registers) {
    for (int i = 0; i < registers.size(); i++) {
      Register register = registers.get(i);
      boolean isFirst = i % COLUMNS == 0;
      out.spaces((isFirst ? INDENT : 2) + NAME - register.name().length());
      out.text(register.name()).text(": ").digits(register.value(), DIGITS);
      if (i % COLUMNS == COLUMNS - 1 || i == registers.size() - 1) {
        out.line();
      }
    }
  }
}
