package org.vmcore.cli.stack;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Kind;
import org.vmcore.elf.Register;
import org.vmcore.kernel.stacks.Frame;
import org.vmcore.kernel.stacks.Stack;
import org.vmcore.kernel.tasks.Task;

/** Stacks in JSON. */
public final class StackJson {
  private static final Fields FRAME = new Fields();
  private static final Field ADDRESS =
      FRAME.address(
          "address", "Where it was interrupted or, of a caller, where what it called returns to.");
  private static final Field SYMBOL = FRAME.text("symbol", "The function.").optional();
  private static final Field OFFSET =
      FRAME.offset("offset", "How far behind the function's beginning.").optional();
  private static final Field MODULE =
      FRAME.text("module", "Whose it is; left out for the kernel itself.").optional();
  private static final Field RELIABLE =
      FRAME.flag(
          "reliable", "Whether it is certain: false where it, or one before it, is a guess.");
  private static final Field POINTER =
      FRAME.address("stack_pointer", "Its stack pointer; of arm64 the address of its record.");
  private static final Field INTERRUPTED =
      FRAME.flag("interrupted", "Whether it was stopped at the address, and not in a call.");
  private static final Field REGISTERS =
      FRAME
          .add("registers", Kind.NAMED_BITS, "Where it was interrupted, as far as they are known.")
          .optional();

  private static final Fields STACK = new Fields();
  private static final Field PID = STACK.number("pid", "The task's number.");
  private static final Field CPU = STACK.index("cpu", "On which it ran, or ran last.").optional();
  private static final Field COMM = STACK.text("comm", "Its name.").optional();
  private static final Field TASK =
      STACK.address("task", "The address of its struct task_struct.").optional();
  private static final Field RUNNING =
      STACK.flag("running", "Whether it was a CPU's current task.").optional();
  private static final Field FRAMES =
      STACK.records("frames", FRAME, "The innermost first; functions that were inlined have none.");
  private static final Field BROKEN_OFF =
      STACK
          .text("broken_off", "Why there are no more frames, where they end too early.")
          .optional();
  private static final Field USER =
      STACK.add("user_registers", Kind.NAMED_BITS, "With what it came from user space.").optional();

  private StackJson() {}

  /** The field {@code stacks} of a document. */
  public static Field addTo(Fields fields, String meaning) {
    return fields.records("stacks", STACK, meaning);
  }

  /** Puts stacks into a document. */
  public static void put(Json json, Field field, List<Stack> stacks) {
    json.array(field);
    for (Stack stack : stacks) {
      put(json.object(), stack);
    }
    json.end();
  }

  private static void put(Json json, Stack stack) {
    json.put(PID, stack.pid());
    if (stack.task().isPresent()) {
      Task task = stack.task().get();
      if (task.cpu().isPresent()) {
        json.put(CPU, task.cpu().getAsInt());
      }
      json.put(COMM, task.comm()).put(TASK, task.address()).put(RUNNING, task.isRunning());
    }
    json.array(FRAMES);
    for (Frame frame : stack.frames()) {
      put(json.object(), frame);
    }
    json.end();
    if (stack.brokenOff().isPresent()) {
      json.put(BROKEN_OFF, stack.brokenOff().get().message());
    }
    if (!stack.userRegisters().isEmpty()) {
      json.put(USER, byName(stack.userRegisters()));
    }
    json.end();
  }

  private static void put(Json json, Frame frame) {
    json.put(ADDRESS, frame.address());
    if (frame.symbol().isPresent()) {
      json.put(SYMBOL, frame.symbol().get().name()).put(OFFSET, frame.offset());
    }
    if (frame.module().isPresent()) {
      json.put(MODULE, frame.module().get());
    }
    json.put(RELIABLE, frame.isReliable()).put(POINTER, frame.stackPointer());
    json.put(INTERRUPTED, frame.isInterrupted());
    if (!frame.registers().isEmpty()) {
      json.put(REGISTERS, byName(frame.registers()));
    }
    json.end();
  }

  private static Map<String, Long> byName(List<Register> registers) {
    Map<String, Long> map = new LinkedHashMap<>();
    for (Register register : registers) {
      map.put(register.name(), register.value());
    }
    return map;
  }
}
