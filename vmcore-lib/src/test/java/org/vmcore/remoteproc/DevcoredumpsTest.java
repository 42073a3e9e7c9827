package org.vmcore.remoteproc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vmcore.elf.ElfClass;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.Reading;

@Timeout(60)
class DevcoredumpsTest {
  private final CrashedDevice.HandTimer timer = new CrashedDevice.HandTimer();
  private final Devcoredumps devcoredumps = new Devcoredumps(Devcoredumps.TIMEOUT, timer);
  private final List<String> dropped = new ArrayList<>();

  @AfterEach
  void close() {
    devcoredumps.close();
  }

  private RemoteprocCoredump core(CoredumpMode mode) throws VmcoreException {
    RemoteprocCoredump coredump =
        Cores.oneSegment(10)
            .listener(
                new CoredumpListener() {
                  @Override
                  public void dropped(String device, String why) {
                    dropped.add(device + ": " + why);
                  }
                })
            .build();
    coredump.setMode(mode);
    return coredump;
  }

  private CompletableFuture<Boolean> crash(RemoteprocCoredump coredump) {
    CompletableFuture<Boolean> made = new CompletableFuture<>();
    Thread.startVirtualThread(
        () -> {
          try {
            made.complete(coredump.dump(devcoredumps));
          } catch (InterruptedException | RuntimeException e) {
            made.completeExceptionally(e);
          }
        });
    return made;
  }

  @Test
  void disabledMakesNoDumpAndIsTheDefault() throws Exception {
    assertThat(Cores.oneSegment(1).build().mode()).isEqualTo(CoredumpMode.DISABLED);
    assertThat(core(CoredumpMode.DISABLED).dump(devcoredumps)).isFalse();
    assertThat(devcoredumps.pending()).isEmpty();
  }

  @Test
  void modesHaveTheirNamesInSysfs() {
    assertThat(CoredumpMode.values())
        .extracting(CoredumpMode::label)
        .containsExactly("disabled", "enabled", "inline");
  }

  @ParameterizedTest
  @EnumSource
  void withoutSegmentsThereIsNoDump(CoredumpMode mode) throws Exception {
    RemoteprocCoredump coredump = Cores.elf32().build();
    coredump.setMode(mode);

    assertThat(coredump.dump(devcoredumps)).isFalse();
    assertThat(devcoredumps.pending()).isEmpty();
  }

  @Test
  void enabledGoesOnAtOnceAndTheDumpStays() throws Exception {
    assertThat(core(CoredumpMode.ENABLED).dump(devcoredumps)).isTrue();

    Devcoredump dump = devcoredumps.pending().getFirst();
    assertThat(dump.name()).isEqualTo("devcd1");
    assertThat(dump.device()).contains("remoteproc0");
    assertThat(devcoredumps.of("remoteproc0")).contains((PendingCoredump) dump);
    assertThat(CrashedDevice.copy(dump, 100)).hasSize(94);
    assertThat(CrashedDevice.copy(dump, 7)).hasSize(94);
  }

  @Test
  void inlineWaitsForTheRelease() throws Exception {
    CompletableFuture<Boolean> made = crash(core(CoredumpMode.INLINE));
    timer.next();
    Devcoredump dump = devcoredumps.pending().getFirst();
    assertThat(CrashedDevice.copy(dump, 100)).hasSize(94);
    assertThat(made).isNotDone();

    dump.release();

    assertThat(made.get()).isTrue();
    assertThat(devcoredumps.pending()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"ENABLED", "INLINE"})
  void afterTheTimeOutReadsFailAndRecoveryGoesOn(CoredumpMode mode) throws Exception {
    CompletableFuture<Boolean> made = crash(core(mode));
    Runnable timeOut = timer.next();
    PendingCoredump dump = devcoredumps.of("remoteproc0").orElseThrow();
    try (ReadableByteChannel in = dump.open()) {
      in.read(ByteBuffer.allocate(1));

      timeOut.run();

      String gone = "devcd1: the dump of remoteproc0 is gone: its time was over";
      assertThat(made.get()).isTrue();
      assertThat(devcoredumps.pending()).isEmpty();
      assertThatThrownBy(() -> in.read(ByteBuffer.allocate(1))).hasMessage(gone);
      assertThatThrownBy(() -> Reading.bytes(dump, 0, 1)).hasMessage(gone);
      assertThatThrownBy(() -> dump.extentAt(0)).hasMessage(gone);
      assertThatThrownBy(dump::open).hasMessage(gone);
      assertThatThrownBy(dump::release).isInstanceOf(IOException.class).hasMessage(gone);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ENABLED", "INLINE"})
  void afterTheReleaseReadsFail(CoredumpMode mode) throws Exception {
    CompletableFuture<Boolean> made = crash(core(mode));
    timer.next();
    PendingCoredump dump = devcoredumps.of("remoteproc0").orElseThrow();
    dump.release();
    assertThat(made.get()).isTrue();

    String gone = "devcd1: the dump of remoteproc0 is gone: it was released";
    assertThatThrownBy(() -> Reading.bytes(dump, 0, 1)).hasMessage(gone);
    assertThatThrownBy(dump::release).hasMessage(gone);
  }

  @ParameterizedTest
  @EnumSource(names = {"ENABLED", "INLINE"})
  void theSystemsTimerEndsADump(CoredumpMode mode) throws Exception {
    try (Devcoredumps brief = new Devcoredumps(Duration.ofMillis(20), DumpTimer.ofSystem())) {
      RemoteprocCoredump coredump = core(mode);
      assertThat(coredump.dump(brief)).isTrue();
      brief.of("remoteproc0").ifPresent(DevcoredumpsTest::awaitEnd);
      assertThat(brief.pending()).isEmpty();
    }
  }

  private static void awaitEnd(PendingCoredump dump) {
    try {
      dump.awaitEnd();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aReleasedDumpsTimeOutIsCancelled() throws Exception {
    core(CoredumpMode.ENABLED).dump(devcoredumps);
    devcoredumps.pending().getFirst().release();

    core(CoredumpMode.ENABLED).dump(devcoredumps);
    timer.next().run();

    assertThat(devcoredumps.pending()).isEmpty();
  }

  @Test
  void theDumpOfASecondCrashIsDroppedWhileTheFirstIsThere() throws Exception {
    core(CoredumpMode.ENABLED).dump(devcoredumps);

    assertThat(core(CoredumpMode.ENABLED).dump(devcoredumps)).isFalse();
    assertThat(core(CoredumpMode.INLINE).dump(devcoredumps)).isFalse();

    assertThat(dropped).hasSize(2).containsOnly("remoteproc0: its last dump is still there");
    assertThat(devcoredumps.pending()).extracting(Devcoredump::name).containsExactly("devcd1");
    devcoredumps.pending().getFirst().release();
    assertThat(core(CoredumpMode.ENABLED).dump(devcoredumps)).isTrue();
    assertThat(devcoredumps.pending()).extracting(Devcoredump::name).containsExactly("devcd2");
  }

  @Test
  void anotherDevicesDumpIsKeptBesideIt() throws Exception {
    core(CoredumpMode.ENABLED).dump(devcoredumps);
    RemoteprocCoredump other =
        RemoteprocCoredump.builder("remoteproc1")
            .elfClass(ElfClass.ELF64)
            .segment(DumpSegment.of(0, 1))
            .build();
    other.setMode(CoredumpMode.ENABLED);
    other.dump(devcoredumps);

    assertThat(devcoredumps.pending())
        .extracting(dump -> dump.device().orElseThrow())
        .containsExactly("remoteproc0", "remoteproc1");
  }

  @Test
  void theModeCannotBeChangedWhileACrashIsHandled() throws Exception {
    RemoteprocCoredump coredump = core(CoredumpMode.INLINE);
    CompletableFuture<Boolean> made = crash(coredump);
    timer.next();

    assertThatThrownBy(() -> coredump.setMode(CoredumpMode.DISABLED))
        .hasMessage(
            "remoteproc0: its coredump mode can't be changed while a crash is handled (EBUSY)");

    devcoredumps.pending().getFirst().release();
    made.get();
    coredump.setMode(CoredumpMode.DISABLED);
    assertThat(coredump.mode()).isEqualTo(CoredumpMode.DISABLED);
  }

  @Test
  void closingEndsAllDumpsAndTakesNoMore() throws Exception {
    CompletableFuture<Boolean> made = crash(core(CoredumpMode.INLINE));
    timer.next();
    PendingCoredump dump = devcoredumps.of("remoteproc0").orElseThrow();

    devcoredumps.close();

    assertThat(made.get()).isTrue();
    assertThatThrownBy(dump::open).hasMessageEndingWith("gone: no dumps are kept any more");
    assertThat(core(CoredumpMode.ENABLED).dump(devcoredumps)).isFalse();
    assertThat(core(CoredumpMode.INLINE).dump(devcoredumps)).isFalse();
    assertThat(dropped).hasSize(2).containsOnly("remoteproc0: no dumps are kept any more");
  }

  @Test
  void aCopyThatMemoryDoesNotHoldIsDropped() throws Exception {
    RemoteprocCoredump coredump =
        Cores.elf64()
            .segment(DumpSegment.custom(0, Long.MAX_VALUE >> 1, (_, _, dst) -> dst.byteSize()))
            .listener(
                new CoredumpListener() {
                  @Override
                  public void dropped(String device, String why) {
                    dropped.add(why);
                  }
                })
            .build();
    coredump.setMode(CoredumpMode.ENABLED);

    assertThat(coredump.dump(devcoredumps)).isFalse();
    assertThat(dropped)
        .containsExactly("there is no memory for a copy of 4611686018427388023 bytes");
  }

  @Test
  void anUnmappedSegmentTakesNoMemoryInACopy() throws Exception {
    RemoteprocCoredump coredump =
        Cores.elf64().segment(DumpSegment.of(0, Long.MAX_VALUE >> 1)).build();
    coredump.setMode(CoredumpMode.ENABLED);

    assertThat(coredump.dump(devcoredumps)).isTrue();
    PendingCoredump dump = devcoredumps.of("remoteproc0").orElseThrow();
    assertThat(Reading.bytes(dump, 1L << 40, 3)).containsOnly(0xff);
  }

  @Test
  void anInterruptedDumpEnds() throws Exception {
    RemoteprocCoredump coredump = core(CoredumpMode.INLINE);
    CountDownLatch interrupted = new CountDownLatch(1);
    Thread recovery =
        Thread.startVirtualThread(
            () -> {
              try {
                coredump.dump(devcoredumps);
              } catch (InterruptedException e) {
                interrupted.countDown();
              }
            });
    timer.next();
    recovery.interrupt();

    assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
    recovery.join();
    assertThat(devcoredumps.pending()).isEmpty();
    coredump.setMode(CoredumpMode.DISABLED);
  }

  @Test
  void aReadCannotReleaseWhatItReads() throws Exception {
    List<PendingCoredump> own = new ArrayList<>();
    RemoteprocCoredump coredump =
        Cores.elf32()
            .segment(
                DumpSegment.custom(
                    0,
                    1,
                    (_, _, dst) -> {
                      own.getFirst().release();
                      return dst.byteSize();
                    }))
            .build();
    try (CrashedDevice device = CrashedDevice.of(coredump, CoredumpMode.INLINE)) {
      own.add(device.dump());
      assertThatThrownBy(() -> Reading.bytes(device.dump(), coredump.headerSize(), 1))
          .hasMessageEndingWith("a read of devcd1 can't release it");
    }
  }

  @Test
  void aDumpWhoseTimerFailsIsWithdrawn() throws Exception {
    DumpTimer broken =
        (delay, task) -> {
          throw new IllegalStateException("no timer");
        };
    try (Devcoredumps devcoredumps = new Devcoredumps(Devcoredumps.TIMEOUT, broken)) {
      RemoteprocCoredump core = core(CoredumpMode.INLINE);

      assertThatThrownBy(() -> core.dump(devcoredumps)).hasMessage("no timer");
      assertThat(devcoredumps.pending()).isEmpty();
    }
  }

  @Test
  void aTimeOutMayBeAsLongAsAnybodyLikes() throws Exception {
    Duration ages = Duration.ofSeconds(Long.MAX_VALUE);
    try (Devcoredumps devcoredumps = new Devcoredumps(ages, DumpTimer.ofSystem())) {
      assertThat(core(CoredumpMode.ENABLED).dump(devcoredumps)).isTrue();
      assertThat(devcoredumps.pending()).hasSize(1);
    }
  }
}
