package org.vmcore.gdb.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.testing.KernelDump.BASE;
import static org.vmcore.testing.StacksKernel.FAULT;
import static org.vmcore.testing.StacksKernel.SCHEDULE;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vmcore.Vmcore;
import org.vmcore.elf.Note;
import org.vmcore.elf.PrStatus;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.StacksKernel;

class KernelCoreTest {
  private static final FileSystem FILES = Jimfs.newFileSystem(Configuration.unix());
  private static final Path CORE = FILES.getPath("core");

  private final StacksKernel kernel = new StacksKernel();

  private static CoreWritten write(DumpBuilder dump, CoreOptions options) throws IOException {
    try (Vmcore vmcore = Vmcore.open(dump.writeTo(FILES.getPath("dump")))) {
      return KernelCore.of(vmcore, Kernel.of(vmcore)).write(CORE, options);
    }
  }

  private static CoreOptions with(AddressRange... ranges) {
    return new CoreOptions(false, List.of(ranges), true, false, _ -> {});
  }

  private static List<PrStatus> threads(Vmcore core) throws IOException {
    List<PrStatus> threads = new ArrayList<>();
    for (Note note : core.notes()) {
      if (note.isPrStatus()) {
        threads.add(note.prStatus());
      }
    }
    return threads;
  }

  @Test
  void eachTaskIsAThread() throws IOException {
    long ran = kernel.tasks().process(9, "culprit");
    long pointer = kernel.sleeping(ran, SCHEDULE);
    kernel.tasks().running(0, ran);
    long slept = kernel.sleeping(kernel.tasks().process(3, "kworker"), SCHEDULE + 5);

    CoreWritten written = write(kernel.dump(9, FAULT + 3, pointer), with());

    assertThat(written.threads()).isEqualTo(4);
    assertThat(written.size()).isEqualTo(Files.size(CORE));
    try (Vmcore core = Vmcore.open(CORE)) {
      List<PrStatus> threads = threads(core);
      assertThat(threads.stream().map(PrStatus::pid)).containsExactly(9, 10_000_001, 10_000_000, 3);
      assertThat(threads.getFirst().register("rip").orElseThrow().value()).isEqualTo(FAULT + 3);
      assertThat(threads.getLast().register("rip").orElseThrow().value()).isEqualTo(SCHEDULE + 5);
      assertThat(threads.getLast().register("rsp").orElseThrow().value()).isEqualTo(slept + 56);
      assertThat(threads.getLast().register("rax").orElseThrow().value()).isZero();
    }
  }

  @Test
  void aStackIsThereByItsVirtualAddress() throws IOException {
    long task = kernel.tasks().process(3, "kworker");
    long pointer = kernel.sleeping(task, SCHEDULE + 5, 0x1234);

    write(kernel.dump(0, 0, 0), with());

    try (Vmcore core = Vmcore.open(CORE)) {
      Memory memory = core.virtual();
      assertThat(memory.readBytes(pointer + 56, 2)).containsExactly(0x34, 0x12);
      assertThat(core.segments().stream().filter(ProgramHeader::isLoad))
          .isNotEmpty()
          .allMatch(load -> load.filesz() == load.memsz())
          .allMatch(load -> (load.vaddr() - load.offset()) % 4096 == 0);
    }
  }

  @Test
  void whatTheDumpHasNotIsNotThere() throws IOException {
    kernel.tasks().process(3, "kworker");
    kernel.memory().without(BASE + 0x8000, BASE + 0xa000);
    AddressRange around = AddressRange.ofSize(BASE + 0x7000, 0x4000);

    CoreWritten written = write(kernel.dump(0, 0, 0), with(around));

    try (Vmcore core = Vmcore.open(CORE)) {
      assertThat(core.virtual().extentAt(BASE + 0x7000).isPresent()).isTrue();
      assertThat(core.virtual().extentAt(BASE + 0x8000).isPresent()).isFalse();
      assertThat(core.virtual().extentAt(BASE + 0xa000).isPresent()).isTrue();
    }
    assertThat(written.missing().lost()).isZero();
  }

  @Test
  void lostBytesAreCounted() throws IOException {
    long room = kernel.tasks().room(0x4000) + 0xfff & -0x1000;
    kernel.memory().lostFrom(room + 0x1000);
    AddressRange last = AddressRange.ofSize(room, 0x2000);

    CoreWritten written = write(kernel.dump(0, 0, 0), with(last));

    assertThat(written.missing().lost()).isGreaterThanOrEqualTo(0x1000);
    try (Vmcore core = Vmcore.open(CORE)) {
      assertThat(core.virtual().extentAt(room).isPresent()).isTrue();
      assertThat(core.virtual().extentAt(room + 0x1000).isPresent()).isFalse();
    }
  }

  @Test
  void allOfTheDirectMap() throws IOException {
    kernel.tasks().process(3, "kworker");
    CoreOptions whole = new CoreOptions(true, List.of(), true, false, _ -> {});

    CoreWritten written = write(kernel.dump(0, 0, 0), whole);

    assertThat(written.memory()).isGreaterThan(write(kernel.dump(0, 0, 0), with()).memory());
  }

  @Test
  void aMachineWhoseRegistersArentKnown() {
    DumpBuilder dump = DumpBuilder.elf64().machine(0x1234).prstatus(1, 0, 0).load(0, 64);

    assertThatThrownBy(() -> write(dump, with()))
        .isInstanceOf(VmcoreException.class)
        .hasMessage("dump: no core files can be made of machine-4660 kernels");
  }
}
