package org.vmcore.kernel.stacks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.memory.Finding;
import org.vmcore.testing.RealDumps;

/**
 * Stacks of kernels of riscv64, ppc64 and s390x that really crashed, in the folder that the system
 * property or the variable {@code VMCORE_UNPACKED} names.
 */
class RealStacksTest {
  /** Address and name of a line of the log's call trace. */
  private static final Pattern TRACED =
      Pattern.compile("\\[<?([0-9a-f]{16})>?\\] ([A-Za-z_][^+ ]*)\\+0x");

  /** What is only there while the trace is printed. */
  private static final Set<String> PRINTING =
      Set.of("dump_backtrace", "show_stack", "dump_stack_lvl", "dump_stack", "panic");

  /** Pages of it aren't in the dump. */
  private static final String NOT_THERE = "no PT_LOAD tells of memory there";

  private static List<Long> traced(String name) throws IOException {
    List<Long> addresses = new ArrayList<>();
    for (String line : Files.readAllLines(RealDumps.file(name + "/truth/vmcore-dmesg.txt"))) {
      Matcher found = TRACED.matcher(line);
      if (found.find() && !PRINTING.contains(found.group(2))) {
        addresses.add(Long.parseUnsignedLong(found.group(1), 16));
      }
    }
    return addresses;
  }

  @ParameterizedTest
  @ValueSource(strings = {"riscv64-kdump", "ppc64-kdump"})
  void theTaskThatCrashedHasTheFramesThatTheKernelPrinted(String name) throws Exception {
    List<Long> truth = traced(name);
    try (Vmcore vmcore = RealDumps.open(name + "/vmcore.elf")) {
      Stack stack = Kernel.of(vmcore).stacks().crashed().orElseThrow();

      assertThat(stack.frames()).extracting(Frame::address).endsWith(truth.toArray(Long[]::new));
      assertThat(stack.frames()).allMatch(Frame::isReliable);
      assertThat(stack.userRegisters()).isNotEmpty();
      assertThat(stack.task()).map(Task::comm).contains("init");
      assertThat(truth).hasSizeGreaterThan(7);
    }
  }

  private static String name(Frame frame) {
    return frame.symbol().map(Symbol::name).orElse("?");
  }

  @ParameterizedTest
  @CsvSource({
    "riscv64-kdump, 55, ret_from_fork|handle_exception|_start_kernel|secondary_start_sbi",
    "ppc64-kdump, 60, start_kernel_thread|system_call_vectored_common|start_here_common"
        + "|start_secondary_prolog",
    "s390x-qemu, 60, ret_from_fork|system_call|_text|startup_continue|restart_int_handler"
        + "|smp_start_secondary",
  })
  void everyTasksStackLeadsToWhatStartedIt(String name, int least, String starts) throws Exception {
    Set<String> known = Set.of(starts.split("\\|"));
    int whole = 0;
    try (Vmcore vmcore = RealDumps.open(name + "/vmcore.elf")) {
      Kernel kernel = Kernel.of(vmcore);
      for (Task task : kernel.tasks().all()) {
        Stack stack = kernel.stacks().of(task);
        if (stack.brokenOff().map(Finding::message).orElse("").endsWith(NOT_THERE)) {
          continue;
        }
        assertThat(stack.brokenOff()).as(task.toString()).isEmpty();
        assertThat(stack.frames()).as(task.toString()).allMatch(Frame::isReliable);
        assertThat(known).as(task.toString()).contains(name(stack.frames().getLast()));
        assertThat(stack.userRegisters().isEmpty())
            .as(task.toString())
            .isEqualTo(task.isKernelThread());
        if (!stack.frames().getFirst().isInterrupted()) {
          assertThat(stack.frames())
              .as(task.toString())
              .anyMatch(frame -> name(frame).equals("__schedule"));
        }
        whole++;
      }
    }
    assertThat(whole).isGreaterThan(least);
  }

  @Test
  void qemusNotesOfS390AreInTheOrderOfCpus() throws Exception {
    try (Vmcore vmcore = RealDumps.open("s390x-qemu/vmcore.elf")) {
      List<Stack> stacks = Kernel.of(vmcore).stacks().ofCpus();

      assertThat(stacks).hasSize(2);
      assertThat(stacks.get(0).frames())
          .extracting(RealStacksTest::name)
          .startsWith("s390_next_event", "clockevents_program_event")
          .contains("do_ext_irq", "arch_cpu_idle", "do_idle");
      assertThat(stacks.get(1).frames())
          .extracting(RealStacksTest::name)
          .startsWith("arch_cpu_idle")
          .contains("do_idle");
    }
  }
}
