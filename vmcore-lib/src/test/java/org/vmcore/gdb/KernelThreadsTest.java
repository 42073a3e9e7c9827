package org.vmcore.gdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.testing.StacksKernel.FAULT;
import static org.vmcore.testing.StacksKernel.SCHEDULE;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import org.junit.jupiter.api.Test;
import org.vmcore.Vmcore;
import org.vmcore.elf.Register;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.StacksKernel;

class KernelThreadsTest {
  private static final FileSystem FILES = Jimfs.newFileSystem(Configuration.unix());

  private final StacksKernel kernel = new StacksKernel();

  private interface Look {
    void at(KernelThreads threads) throws IOException;
  }

  private static void of(DumpBuilder dump, Look look) throws IOException {
    try (Vmcore vmcore = Vmcore.open(dump.writeTo(FILES.getPath("dump")))) {
      look.at(KernelThreads.of(Kernel.of(vmcore)));
    }
  }

  @Test
  void theOneThatCrashedComesFirstThenThoseThatRan() throws IOException {
    kernel.tasks().process(1, "init");
    kernel.tasks().running(0, kernel.tasks().process(9, "culprit"));

    of(
        kernel.dump(9, FAULT, 0),
        threads -> {
          assertThat(threads.all().stream().map(thread -> thread.id() + " " + thread.name()))
              .containsExactly("9 culprit", "10000001 swapper/1", "10000000 swapper/0", "1 init");
          assertThat(threads.all().stream().map(KernelThread::describe))
              .containsExactly(
                  "R, running on CPU 0", "R, running on CPU 1", "R, CPU 0", "R, CPU 0");
          assertThat(threads.find(1).orElseThrow().name()).isEqualTo("init");
          assertThat(threads.find(2)).isEmpty();
        });
  }

  @Test
  void pidsThatAnotherHasOrNoKernelGives() throws IOException {
    kernel.tasks().process(5, "first");
    kernel.tasks().process(5, "second");
    kernel.tasks().process(-7, "negative");
    kernel.tasks().process(1 << 22, "large");

    of(
        kernel.dump(9, FAULT, 0),
        threads -> {
          assertThat(threads.all().stream().map(KernelThread::id)).doesNotHaveDuplicates();
          assertThat(threads.all().stream().map(KernelThread::id))
              .contains(5)
              .filteredOn(id -> id >= KernelThreads.OTHER)
              .hasSize(3);
        });
  }

  @Test
  void aTaskThatSleepsHasWhatItSaved() throws IOException {
    long task = kernel.tasks().process(7, "kworker");
    long pointer = kernel.sleeping(task, SCHEDULE + 5);
    kernel.words(pointer, 15, 14, 13, 12, 3, 6);

    of(
        kernel.dump(0, 0, 0),
        threads ->
            assertThat(threads.registers(threads.find(7).orElseThrow()))
                .containsExactly(
                    new Register("r15", 15),
                    new Register("r14", 14),
                    new Register("r13", 13),
                    new Register("r12", 12),
                    new Register("rbx", 3),
                    new Register("rbp", 6),
                    new Register("rip", SCHEDULE + 5),
                    new Register("rsp", pointer + 56)));
  }

  @Test
  void aTaskThatRanHasItsCpusRegisters() throws IOException {
    long task = kernel.tasks().process(9, "culprit");
    long pointer = kernel.sleeping(task, SCHEDULE);
    kernel.tasks().running(0, task);

    of(
        kernel.dump(9, FAULT + 3, pointer),
        threads ->
            assertThat(threads.registers(threads.find(9).orElseThrow()))
                .hasSize(27)
                .contains(new Register("rip", FAULT + 3), new Register("rsp", pointer)));
  }

  @Test
  void cpusWhereNoTypesTellOfTasks() throws IOException {
    DumpBuilder dump =
        DumpBuilder.elf64().prstatus(3, 0, new long[27]).prstatus(0, 0, new long[27]).load(0, 64);

    of(
        dump,
        threads -> {
          assertThat(threads.all().stream().map(KernelThread::id))
              .containsExactly(3, KernelThreads.IDLE + 1);
          assertThat(threads.registers(threads.all().getFirst())).hasSize(27);
          assertThat(threads.gaps()).isNotEmpty();
        });
  }

  @Test
  void neitherTasksNorCpus() {
    assertThatThrownBy(() -> of(DumpBuilder.elf64().load(0, 64), _ -> {}))
        .isInstanceOf(VmcoreException.class)
        .hasMessageContaining("no tasks");
  }
}
