package org.vmcore.kernel.stacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.StacksKernel.ENTRY;
import static org.vmcore.testing.StacksKernel.FAULT;
import static org.vmcore.testing.StacksKernel.FORK;
import static org.vmcore.testing.StacksKernel.SCHEDULE;
import static org.vmcore.testing.StacksKernel.STACK;
import static org.vmcore.testing.StacksKernel.UNKNOWN;
import static org.vmcore.testing.StacksKernel.WORKER;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vmcore.Vmcore;
import org.vmcore.elf.Note;
import org.vmcore.elf.PrStatus;
import org.vmcore.elf.Register;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.StacksKernel;

class StacksTest {
  private static final FileSystem FILES = Jimfs.newFileSystem(Configuration.unix());

  private final StacksKernel kernel = new StacksKernel();

  private interface Question<T> {
    T ask(Kernel kernel) throws IOException;
  }

  private static <T> T ask(DumpBuilder dump, Question<T> question) throws IOException {
    try (Vmcore vmcore = Vmcore.open(dump.writeTo(FILES.getPath("dump")))) {
      return question.ask(Kernel.of(vmcore));
    }
  }

  private static Stack ofPid(DumpBuilder dump, int pid) throws IOException {
    return ask(dump, of -> of.stacks().of(of.tasks().withPid(pid).getFirst()));
  }

  private static List<String> names(Stack stack) {
    List<String> names = new ArrayList<>();
    for (Frame frame : stack.frames()) {
      names.add(frame.symbol().map(Symbol::name).orElse("?") + "+" + frame.offset());
    }
    return names;
  }

  @Test
  void aKernelThreadThatSleeps() throws IOException {
    long task = kernel.tasks().process(7, "kworker");
    long pointer = kernel.sleeping(task, SCHEDULE + 5, 0, WORKER + 6, 0, 0, FORK + 7);

    Stack stack = ofPid(kernel.dump(0, 0, 0), 7);

    assertThat(names(stack))
        .containsExactly("schedule+5", "worker_thread+6", "ret_from_fork_asm+7");
    assertThat(stack.frames().getFirst().stackPointer()).isEqualTo(pointer + 56);
    assertThat(stack.frames()).allMatch(frame -> frame.isReliable() && !frame.isInterrupted());
    assertThat(stack.brokenOff()).isEmpty();
    assertThat(stack.userRegisters()).isEmpty();
    assertThat(stack.task().map(Task::comm)).contains("kworker");
  }

  @Test
  void aProcessThatCameFromUserSpace() throws IOException {
    long task = kernel.tasks().process(8, "server");
    long pointer = kernel.sleeping(task, SCHEDULE + 5, 0, ENTRY + 6);
    kernel.user(pointer + 9 * 8, 0x40_1000, 0x7ffc_0000);

    Stack stack = ofPid(kernel.dump(0, 0, 0), 8);

    assertThat(names(stack)).containsExactly("schedule+5", "entry_SYSCALL_64+6");
    assertThat(stack.userRegisters())
        .hasSize(21)
        .contains(new Register("rip", 0x40_1000), new Register("rsp", 0x7ffc_0000));
  }

  @Test
  void theTaskThatCrashedBeginsWithItsCpusRegisters() throws IOException {
    long task = kernel.tasks().process(9, "culprit");
    long pointer = kernel.sleeping(task, 0, FORK + 1);
    kernel.tasks().running(0, task);
    kernel.words(pointer, WORKER + 1, 0, 0, FORK + 1);

    Stack stack =
        ask(kernel.dump(9, FAULT + 3, pointer), of -> of.stacks().crashed()).orElseThrow();

    assertThat(stack.pid()).isEqualTo(9);
    assertThat(names(stack)).containsExactly("fault+3", "worker_thread+1", "ret_from_fork_asm+1");
    assertThat(stack.frames().getFirst().isInterrupted()).isTrue();
    assertThat(stack.frames().getFirst().registers()).contains(new Register("rsp", pointer));
  }

  @Test
  void aCpuWithoutANote() throws IOException {
    long task = kernel.tasks().process(9, "culprit");
    kernel.sleeping(task, SCHEDULE, 0, FORK + 1);
    kernel.tasks().running(1, task);

    Stack stack = ofPid(kernel.dump(4711, FAULT, 0x1000), 9);

    assertThat(stack.frames()).isEmpty();
    assertThat(stack.brokenOff())
        .hasValueSatisfying(
            finding -> {
              assertThat(finding.severity()).isEqualTo(Severity.WARNING);
              assertThat(finding.message())
                  .isEqualTo("the dump has no registers of the CPU on which it ran");
            });
  }

  @Test
  void whereItBrokeAndWhatWasFoundUpToThere() throws IOException {
    long task = kernel.tasks().process(7, "kworker");
    kernel.sleeping(task, SCHEDULE + 5, 0, WORKER + 6, 0, 0, 0x1234);

    Stack stack = ofPid(kernel.dump(0, 0, 0), 7);

    assertThat(names(stack)).containsExactly("schedule+5", "worker_thread+6");
    assertThat(stack.brokenOff())
        .hasValueSatisfying(
            finding -> {
              assertThat(finding.severity()).isEqualTo(Severity.ERROR);
              assertThat(finding.message()).startsWith("0x1234, the return address at ");
            });
  }

  @Test
  void anOrcTableOutOfOrder() throws IOException {
    long task = kernel.tasks().process(7, "kworker");
    kernel.sleeping(task, SCHEDULE + 5, 0, WORKER + 6);

    Stack stack = ofPid(kernel.outOfOrder().dump(0, 0, 0), 7);

    assertThat(names(stack)).containsExactly("schedule+5");
    assertThat(stack.brokenOff().map(Finding::message).orElse(""))
        .startsWith("the kernel's ORC table at ")
        .endsWith(": out of order at entry 1 of 8");
  }

  @Test
  void aStackThatIsNotInTheDump() throws IOException {
    long task = kernel.tasks().process(7, "kworker");
    kernel.tasks().stack(task, 0xffff_c900_0000_0000L, 0xffff_c900_0000_0100L);

    Stack stack = ofPid(kernel.dump(0, 0, 0), 7);

    assertThat(stack.frames()).isEmpty();
    assertThat(stack.brokenOff().map(Finding::message).orElse(""))
        .startsWith("the word at 0xffffc90000000100: ");
  }

  @Test
  void aFunctionThatOrcDoesNotKnow() throws IOException {
    long task = kernel.tasks().process(7, "kworker");
    kernel.sleeping(task, UNKNOWN + 5, WORKER + 6);

    Stack stack = ofPid(kernel.dump(0, 0, 0), 7);

    assertThat(names(stack)).containsExactly("unknown+5");
    assertThat(stack.brokenOff().map(Finding::message).orElse(""))
        .startsWith("ORC knows no way back from ");
  }

  @Test
  void theCpusTasksInTheirOrder() throws IOException {
    long task = kernel.tasks().process(9, "culprit");
    long pointer = kernel.sleeping(task, 0, FORK + 1);
    kernel.tasks().running(0, task);
    kernel.words(pointer, FORK + 1);

    List<Stack> stacks = ask(kernel.dump(9, FAULT, pointer), of -> of.stacks().ofCpus());

    assertThat(stacks).extracting(Stack::pid).containsExactly(9, 0);
  }

  @Test
  void registersWithoutATask() throws IOException {
    long stack = kernel.tasks().room(STACK);
    long pointer = (stack + STACK - 1) & -STACK;
    kernel.tasks().room(STACK);
    kernel.words(pointer + 0x100, FORK + 1);

    Path dump = kernel.dump(5, FAULT, pointer + 0x100).writeTo(FILES.getPath("dump"));
    Stack found;
    try (Vmcore vmcore = Vmcore.open(dump)) {
      found = Kernel.of(vmcore).stacks().of(prStatus(vmcore));
    }

    assertThat(names(found)).containsExactly("fault+0", "ret_from_fork_asm+1");
    assertThat(found.task()).isEmpty();
    assertThat(found.pid()).isEqualTo(5);
  }

  private static PrStatus prStatus(Vmcore vmcore) throws IOException {
    for (Note note : vmcore.notes()) {
      if (note.isPrStatus()) {
        return note.prStatus();
      }
    }
    throw new AssertionError("no NT_PRSTATUS");
  }
}
