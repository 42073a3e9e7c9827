package org.vmcore.remoteproc.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.vmcore.Vmcore;
import org.vmcore.elf.ElfClass;
import org.vmcore.remoteproc.Carveouts;
import org.vmcore.remoteproc.CoredumpMode;
import org.vmcore.remoteproc.Devcoredump;
import org.vmcore.remoteproc.Devcoredumps;
import org.vmcore.remoteproc.DumpSegment;
import org.vmcore.remoteproc.RecoveryListener;
import org.vmcore.remoteproc.RemoteProcessor;
import org.vmcore.remoteproc.RemoteProcessor.State;
import org.vmcore.remoteproc.RemoteprocCoredump;
import org.vmcore.remoteproc.RemoteprocRecovery;
import org.vmcore.remoteproc.SubDevice;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Reading;

/** The collector beside processors that crash: it is the same, whatever the mode of their dumps. */
@Timeout(60)
class CollectedRecoveryTest {
  private static final int SIZE = 70_001;

  @TempDir Path folder;

  private static RemoteprocCoredump coredump(String device, MemorySegment memory)
      throws IOException {
    return RemoteprocCoredump.builder(device)
        .elfClass(ElfClass.ELF64)
        .memory(new Carveouts().add(0x1000_0003, memory))
        .segment(DumpSegment.of(0x1000_0003, SIZE).named("text"))
        .segment(DumpSegment.of(0xdead_0000L, 333).named("nowhere"))
        .sections()
        .build();
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "DISABLED")
  void everyCrashIsInAFileAndTheProcessorsRunAgain(CoredumpMode mode) throws Exception {
    MemorySegment memory = MemorySegment.ofArray(DumpBuilder.pattern(3, SIZE));
    try (RemoteprocRecovery recovery =
            new RemoteprocRecovery(new Devcoredumps(), RecoveryListener.NONE);
        DevcoredumpCollector collector =
            DevcoredumpCollector.open(folder, DevcoredumpCollectorTest.OPTIONS)) {
      RemoteProcessor dsp = add(recovery, "dsp", memory, mode);
      RemoteProcessor modem = add(recovery, "modem", memory, mode);
      List<Future<State>> crashes = List.of(dsp.reportCrash(), modem.reportCrash());
      while (recovery.pending().size() < 2) {
        TimeUnit.MILLISECONDS.sleep(1);
      }

      List<CollectedDump> all = collector.collect(recovery::pending, _ -> {});

      assertThat(all).hasSize(2).allMatch(CollectedDump::released);
      for (Future<State> crash : crashes) {
        assertThat(crash.get()).isEqualTo(State.RUNNING);
      }
      byte[] core = Reading.bytes(dsp.coredump().image(), 0, dsp.coredump().size());
      for (CollectedDump each : all) {
        Path file = each.file().orElseThrow();
        assertThat(Files.readAllBytes(file)).isEqualTo(core);
        try (Vmcore vmcore = Vmcore.open(file)) {
          assertThat(vmcore.segmentName(0)).contains("text");
        }
      }
      assertThat(recovery.pending()).isEmpty();
    }
  }

  private static RemoteProcessor add(
      RemoteprocRecovery recovery, String device, MemorySegment memory, CoredumpMode mode)
      throws IOException {
    RemoteprocCoredump coredump = coredump(device, memory);
    coredump.setMode(mode);
    RemoteProcessor processor =
        recovery.add(
            coredump, RemoteProcessor.Driver.NONE, SubDevice.virtio(device + "-virtio", "rpmsg0"));
    processor.boot();
    return processor;
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "DISABLED")
  void aDumpThatAnotherHasReleasedIsGone(CoredumpMode mode) throws Exception {
    MemorySegment memory = MemorySegment.ofArray(DumpBuilder.pattern(3, SIZE));
    try (RemoteprocRecovery recovery =
            new RemoteprocRecovery(new Devcoredumps(), RecoveryListener.NONE);
        DevcoredumpCollector collector =
            DevcoredumpCollector.open(folder, DevcoredumpCollectorTest.OPTIONS)) {
      Future<State> crash = add(recovery, "dsp", memory, mode).reportCrash();
      while (recovery.pending().isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      Devcoredump dump = recovery.pending().getFirst();
      dump.release();

      CollectedDump collected = collector.collect(dump);

      assertThat(collected.problem()).contains("lost from offset 0x0: it is gone");
      assertThat(collected.file()).isEmpty();
      assertThat(crash.get()).isEqualTo(State.RUNNING);
      assertThatThrownBy(dump::release).isInstanceOf(NoSuchFileException.class);
    }
  }
}
