package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.vmcore.testing.StacksKernel.ENTRY;
import static org.vmcore.testing.StacksKernel.FAULT;
import static org.vmcore.testing.StacksKernel.FORK;
import static org.vmcore.testing.StacksKernel.SCHEDULE;
import static org.vmcore.testing.StacksKernel.WORKER;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.StacksKernel;
import org.vmcore.values.Hex;

class BtCommandTest {
  private final StacksKernel kernel = new StacksKernel();

  @TempDir Path folder;
  private Path dump = Path.of("");
  private String culprit = "";
  private String worker = "";

  @BeforeEach
  void makeADump() throws IOException {
    long ran = kernel.tasks().process(9, "culprit");
    long pointer = kernel.sleeping(ran, SCHEDULE);
    kernel.words(pointer, SCHEDULE + 9, 0, ENTRY + 6).user(pointer + 24, 0x40_2000, 0x7ffc_0000);
    kernel.tasks().running(0, ran);
    long slept = kernel.tasks().process(3, "kworker");
    kernel.sleeping(slept, SCHEDULE + 5, 0, WORKER + 6, 0, 0, FORK + 7);
    long torn = kernel.tasks().process(4, "torn");
    kernel.sleeping(torn, SCHEDULE + 5, 0, 0x1234);
    culprit = Hex.of(ran);
    worker = Hex.of(slept);
    dump = kernel.dump(9, FAULT + 3, pointer).writeTo(folder.resolve("vmcore"));
  }

  @Test
  void theTaskThatCrashed() {
    assertThat(Run.of("bt", dump).ok().lines())
        .startsWith(
            "PID 9 TASK " + culprit + " CPU 0 RUNNING COMMAND culprit",
            "#0 0xffffffff81001203 fault+0x3",
            "r15: 0000000000000000 r14: 0000000000000000 r13: 0000000000000000")
        .containsSubsequence(
            "#1 0xffffffff81001309 schedule+0x9",
            "#2 0xffffffff81001606 entry_SYSCALL_64+0x6",
            "user space:",
            "orig_rax: 0000000000000000 rip: 0000000000402000 cs: 0000000000000033");
  }

  @Test
  void aTaskThatSleeps() {
    assertThat(Run.of("bt", "--pid", "3", dump).ok().lines())
        .containsExactly(
            "PID 3 TASK " + worker + " CPU 0 COMMAND kworker",
            "#0 0xffffffff81001305 schedule+0x5",
            "#1 0xffffffff81001406 worker_thread+0x6",
            "#2 0xffffffff81001507 ret_from_fork_asm+0x7");
    assertThat(Run.of("bt", "--task", worker, dump).ok().lines()).hasSize(4);
  }

  @Test
  void whereAStackBreaksOff() {
    Run run = Run.of("bt", "--pid", "4", dump);

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.lines())
        .contains("#0 0xffffffff81001305 schedule+0x5")
        .anyMatch(line -> line.startsWith("breaks off: 0x1234, the return address at "));
  }

  @Test
  void asJson() {
    Run run = Run.of("bt", "--json", "--pid", "3", "--pid", "9", dump).ok();

    assertThat(run.records("stacks"))
        .extracting("pid", "comm", "running")
        .containsExactly(tuple(3L, "kworker", false), tuple(9L, "culprit", true));
    assertThat(run.out())
        .contains(
            "\"address\":\"0xffffffff81001406\",\"symbol\":\"worker_thread\",\"offset\":\"0x6\","
                + "\"reliable\":true");
  }

  @Test
  void whatTheDumpHasNoRegistersOfIsStatus1() {
    Run run = Run.of("bt", "--all-cpus", dump);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.lines())
        .contains("breaks off: the dump has no registers of the CPU on which it ran");
  }

  @Test
  void aTaskThatIsNotThere() {
    Run.of("bt", "--pid", "77", dump).fails(1, "vmcore: " + dump + ": no task has the pid 77");
  }

  @Test
  void nothingCrashed() throws IOException {
    Path small = DumpBuilder.elf64().load(0x1000, 0x1000).writeTo(folder.resolve("small"));

    assertThat(Run.of("bt", small).status()).isEqualTo(1);
    assertThat(Run.of("bt", small).err()).contains("nothing tells which task crashed");
  }

  @Test
  void optionsThatDoNotGoTogether() {
    assertThat(Run.of("bt", "--all", "--pid", "3", dump).status()).isEqualTo(2);
    assertThat(Run.of("bt", "--all", "--all-cpus", dump).err())
        .contains("Give one of --all, --all-cpus, and --pid or --task");
  }
}
