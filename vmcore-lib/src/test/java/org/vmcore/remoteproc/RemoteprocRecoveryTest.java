package org.vmcore.remoteproc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vmcore.elf.ElfClass;
import org.vmcore.memory.VmcoreException;
import org.vmcore.remoteproc.RemoteProcessor.State;
import org.vmcore.testing.Reading;

@Timeout(60)
class RemoteprocRecoveryTest {
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final Set<String> failing = new HashSet<>();
  private final CrashedDevice.HandTimer timer = new CrashedDevice.HandTimer();
  private final RemoteprocRecovery recovery =
      new RemoteprocRecovery(new Devcoredumps(Devcoredumps.TIMEOUT, timer), new Recorder());

  @AfterEach
  void close() {
    recovery.close();
  }

  private void step(String what) throws IOException {
    if (failing.contains(what)) {
      throw new IOException(what + " failed");
    }
    events.add(what);
  }

  private final class Recorder implements RecoveryListener {
    @Override
    public void added(RemoteProcessor processor, Device device) {
      events.add("+" + device);
    }

    @Override
    public void removed(RemoteProcessor processor, Device device) {
      events.add("-" + device);
    }

    @Override
    public void crashed(RemoteProcessor processor, int count) {
      events.add("crash " + count);
    }

    @Override
    public void heldAcrossRecovery(RemoteProcessor processor, Device device) {
      events.add("held " + device);
    }

    @Override
    public void recovered(RemoteProcessor processor) {
      events.add("recovered");
    }

    @Override
    public void failed(RemoteProcessor processor, Exception why) {
      events.add("failed: " + why.getMessage());
    }
  }

  private final class RecordedDriver implements RemoteProcessor.Driver {
    @Override
    public void load() throws IOException {
      step("load");
    }

    @Override
    public void start() throws IOException {
      step("start");
    }

    @Override
    public void stop() throws IOException {
      step("stop");
    }
  }

  private final class RecordedSubDevice implements SubDevice {
    private final String name;

    RecordedSubDevice(String name) {
      this.name = name;
    }

    @Override
    public void prepare(RemoteProcessor processor) throws IOException {
      step("prepare " + name);
    }

    @Override
    public void start(RemoteProcessor processor) throws IOException {
      step("start " + name);
    }

    @Override
    public void stop(RemoteProcessor processor, boolean crashed) throws IOException {
      step((crashed ? "abandon " : "stop ") + name);
    }

    @Override
    public void unprepare(RemoteProcessor processor) throws IOException {
      step("unprepare " + name);
    }
  }

  private RemoteProcessor processor(CoredumpMode mode, SubDevice... subDevices)
      throws VmcoreException {
    RemoteprocCoredump coredump =
        Cores.elf32()
            .segment(
                DumpSegment.custom(
                    0,
                    1,
                    (_, _, dst) -> {
                      events.add("read");
                      return dst.byteSize();
                    }))
            .build();
    coredump.setMode(mode);
    return recovery.add(coredump, new RecordedDriver(), subDevices);
  }

  @Test
  void aCrashStopsDumpsLoadsAndStarts() throws Exception {
    RemoteProcessor dsp =
        processor(CoredumpMode.ENABLED, new RecordedSubDevice("a"), new RecordedSubDevice("b"));
    assertThat(dsp.state()).isEqualTo(State.OFFLINE);
    dsp.boot();
    assertThat(events)
        .containsExactly("load", "prepare a", "prepare b", "start", "start a", "start b");
    events.clear();

    assertThat(dsp.reportCrash().get()).isEqualTo(State.RUNNING);

    assertThat(events)
        .containsExactly(
            "crash 1",
            "abandon b",
            "abandon a",
            "stop",
            "unprepare b",
            "unprepare a",
            "read",
            "load",
            "prepare a",
            "prepare b",
            "start",
            "start a",
            "start b",
            "recovered");
    assertThat(dsp.crashCount()).isOne();
    assertThat(recovery.pending()).hasSize(1);
    events.clear();

    dsp.shutdown();
    assertThat(events).containsExactly("stop b", "stop a", "stop", "unprepare b", "unprepare a");
    assertThat(dsp.state()).isEqualTo(State.OFFLINE);
  }

  @Test
  void anInlineDumpKeepsTheProcessorStoppedUntilItsRelease() throws Exception {
    RemoteProcessor dsp = processor(CoredumpMode.INLINE);
    dsp.boot();
    Future<State> recovered = dsp.reportCrash();
    timer.next();
    Devcoredump dump = recovery.pending().getFirst();

    assertThat(dsp.state()).isEqualTo(State.OFFLINE);
    assertThat(CrashedDevice.copy(dump, 100)).hasSize(85);
    assertThat(events).containsExactly("load", "start", "crash 1", "stop", "read");
    assertThatThrownBy(() -> dsp.coredump().setMode(CoredumpMode.ENABLED))
        .hasMessageContaining("EBUSY");

    dump.release();

    assertThat(recovered.get()).isEqualTo(State.RUNNING);
    assertThat(events).endsWith("read", "load", "start", "recovered");
    dsp.coredump().setMode(CoredumpMode.ENABLED);
  }

  @Test
  void theTimeOutOfAnInlineDumpLetsRecoveryGoOn() throws Exception {
    RemoteProcessor dsp = processor(CoredumpMode.INLINE);
    dsp.boot();
    Future<State> recovered = dsp.reportCrash();

    timer.next().run();

    assertThat(recovered.get()).isEqualTo(State.RUNNING);
    assertThat(recovery.pending()).isEmpty();
  }

  @Test
  void channelsGoBeforeTheirVirtioDeviceAndComeOnceAfterIt() throws Exception {
    RemoteProcessor dsp =
        processor(CoredumpMode.DISABLED, SubDevice.virtio("virtio0", "rpmsg0", "rpmsg1"));
    dsp.boot();
    List<Device> before = dsp.devices().registered();
    events.clear();

    dsp.reportCrash().get();

    assertThat(events)
        .containsExactly(
            "crash 1",
            "-rpmsg1 of start 1",
            "-rpmsg0 of start 1",
            "-virtio0 of start 1",
            "stop",
            "load",
            "start",
            "+virtio0 of start 2",
            "+rpmsg0 of start 2",
            "+rpmsg1 of start 2",
            "recovered");
    assertThat(dsp.devices().registered()).hasSize(3).doesNotContainAnyElementsOf(before);
    assertThat(before).allMatch(Device::isReleased);
    assertThat(dsp.devices().held()).isEmpty();
  }

  @Test
  void whatIsHeldAcrossARecoveryStaysAndIsToldOnce() throws Exception {
    RemoteProcessor dsp = processor(CoredumpMode.DISABLED, SubDevice.virtio("virtio0", "rpmsg0"));
    dsp.boot();
    Device channel = dsp.devices().find("rpmsg0").orElseThrow();
    Device.Handle held = channel.hold();

    dsp.reportCrash().get();
    dsp.reportCrash().get();

    assertThat(events)
        .filteredOn(event -> event.startsWith("held"))
        .containsExactly("held rpmsg0 of start 1", "held virtio0 of start 1");
    assertThat(held.device()).isSameAs(channel);
    assertThat(channel.generation()).isOne();
    assertThat(dsp.devices().find("rpmsg0").orElseThrow().generation()).isEqualTo(3);
    assertThat(dsp.devices().held()).hasSize(2);
    held.close();
    assertThat(dsp.devices().held()).isEmpty();
    assertThat(channel.parent().orElseThrow().isReleased()).isTrue();
  }

  @Test
  void aRecoveryKeepsTheBootCountAndOnlyTheLastShutdownStops() throws Exception {
    RemoteProcessor dsp = processor(CoredumpMode.DISABLED);
    dsp.boot();
    dsp.boot();
    assertThat(events).containsExactly("load", "start");

    dsp.shutdown();
    dsp.boot();
    assertThat(events).as("others want it to run").containsExactly("load", "start");

    dsp.reportCrash().get();
    assertThat(dsp.bootCount()).isEqualTo(2);
    events.clear();
    dsp.shutdown();
    assertThat(events).isEmpty();
    dsp.shutdown();
    assertThat(events).containsExactly("stop");
    assertThatThrownBy(dsp::shutdown)
        .hasMessage("remoteproc0: it can't be shut down: it wasn't booted");
  }

  @Test
  void aSecondCrashDuringRecoveryHasItsTurnAfterIt() throws Exception {
    RemoteProcessor dsp = processor(CoredumpMode.INLINE);
    dsp.boot();
    Future<State> first = dsp.reportCrash();
    timer.next();
    Future<State> second = dsp.reportCrash();
    Future<State> third = dsp.reportCrash();
    assertThat(dsp.crashCount()).isOne();

    recovery.pending().getFirst().release();
    assertThat(first.get()).isNotNull();
    timer.next();
    assertThat(recovery.pending()).extracting(Devcoredump::name).containsExactly("devcd2");
    recovery.pending().getFirst().release();

    assertThat(second.get()).isEqualTo(State.RUNNING);
    assertThat(third.get()).isEqualTo(State.RUNNING);
    assertThat(dsp.crashCount()).as("two that waited together are one").isEqualTo(2);
  }

  @Test
  void aSecondCrashWhileTheFirstDumpIsThereIsCountedAndItsDumpDropped() throws Exception {
    RemoteProcessor dsp = processor(CoredumpMode.ENABLED);
    dsp.boot();
    dsp.reportCrash().get();
    dsp.reportCrash().get();

    assertThat(dsp.crashCount()).isEqualTo(2);
    assertThat(recovery.pending()).extracting(Devcoredump::name).containsExactly("devcd1");
    assertThat(events).filteredOn("recovered"::equals).hasSize(2);
    assertThat(events).filteredOn("read"::equals).as("nothing is copied for it").hasSize(1);
  }

  @Test
  void aCrashOfWhatDoesNotRunIsNone() throws Exception {
    RemoteProcessor dsp = processor(CoredumpMode.ENABLED);

    assertThat(dsp.reportCrash().get()).isEqualTo(State.OFFLINE);
    assertThat(dsp.crashCount()).isZero();
    assertThat(events).isEmpty();
  }

  @Test
  void withoutRecoveryItStaysCrashedUntilThatIsTurnedOn() throws Exception {
    RemoteProcessor dsp = processor(CoredumpMode.ENABLED);
    dsp.setRecoveryEnabled(false);
    dsp.boot();

    assertThat(dsp.reportCrash().get()).isEqualTo(State.CRASHED);
    assertThat(dsp.reportCrash().get()).isEqualTo(State.CRASHED);
    assertThat(dsp.crashCount()).isOne();
    assertThat(recovery.pending()).isEmpty();
    assertThatThrownBy(() -> dsp.coredump().setMode(CoredumpMode.INLINE))
        .hasMessageContaining("EBUSY");
    assertThatThrownBy(dsp::shutdown).hasMessage("remoteproc0: it can't be shut down: it crashed");

    dsp.setRecoveryEnabled(true);

    assertThat(dsp.state()).isEqualTo(State.RUNNING);
    assertThat(recovery.pending()).hasSize(1);
    dsp.coredump().setMode(CoredumpMode.INLINE);
  }

  @Test
  void aStartThatFailsIsUndone() throws Exception {
    RemoteProcessor dsp =
        processor(
            CoredumpMode.DISABLED,
            new RecordedSubDevice("a"),
            SubDevice.virtio("virtio0"),
            new RecordedSubDevice("b"));
    failing.add("start b");

    assertThatThrownBy(dsp::boot).hasMessage("start b failed");

    assertThat(events)
        .containsExactly(
            "load",
            "prepare a",
            "prepare b",
            "start",
            "start a",
            "+virtio0 of start 1",
            "-virtio0 of start 1",
            "abandon a",
            "stop",
            "unprepare b",
            "unprepare a");
    assertThat(dsp.bootCount()).isZero();
    assertThat(dsp.state()).isEqualTo(State.OFFLINE);
    failing.clear();
    dsp.boot();
    assertThat(dsp.state()).isEqualTo(State.RUNNING);
  }

  @Test
  void aRecoveryThatFailsIsToldAndABootTriesAgain() throws Exception {
    RemoteProcessor dsp = processor(CoredumpMode.DISABLED);
    dsp.boot();
    failing.add("load");

    assertThat(dsp.reportCrash().get()).isEqualTo(State.OFFLINE);
    assertThat(events).endsWith("stop", "failed: load failed");
    dsp.coredump().setMode(CoredumpMode.INLINE);

    failing.clear();
    dsp.boot();
    assertThat(dsp.state()).isEqualTo(State.RUNNING);
    assertThat(dsp.bootCount()).isEqualTo(2);
  }

  @Test
  void whatDoesNotStopStaysCrashedWithoutADump() throws Exception {
    RemoteProcessor dsp = processor(CoredumpMode.ENABLED);
    dsp.boot();
    failing.add("stop");

    assertThat(dsp.reportCrash().get()).isEqualTo(State.CRASHED);
    assertThat(events).endsWith("crash 1", "failed: stop failed");
    assertThat(recovery.pending()).isEmpty();

    failing.clear();
    dsp.setRecoveryEnabled(true);
    assertThat(dsp.state()).isEqualTo(State.RUNNING);
    dsp.coredump().setMode(CoredumpMode.DISABLED);
  }

  @Test
  void aListenerThatThrowsKeepsNothingFromRecovering() throws Exception {
    RecoveryListener throwing =
        new RecoveryListener() {
          @Override
          public void crashed(RemoteProcessor processor, int count) {
            throw new IllegalStateException("no ear");
          }
        };
    try (RemoteprocRecovery deaf = new RemoteprocRecovery(new Devcoredumps(), throwing)) {
      RemoteProcessor dsp = deaf.add(Cores.oneSegment(1).build(), RemoteProcessor.Driver.NONE);
      dsp.boot();
      Future<State> recovered = dsp.reportCrash();

      assertThatThrownBy(recovered::get)
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseMessage("no ear");
      assertThat(dsp.state()).isEqualTo(State.RUNNING);
      assertThat(dsp.crashCount()).isOne();
    }
  }

  @Test
  void severalProcessorsAreRecoveredAtOnce() throws Exception {
    List<Future<State>> recovered = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      RemoteprocCoredump coredump =
          RemoteprocCoredump.builder("remoteproc" + i)
              .elfClass(ElfClass.ELF64)
              .segment(DumpSegment.of(0, 10))
              .build();
      coredump.setMode(CoredumpMode.INLINE);
      RemoteProcessor processor = recovery.add(coredump, RemoteProcessor.Driver.NONE);
      processor.boot();
      recovered.add(processor.reportCrash());
    }
    for (int i = 0; i < 8; i++) {
      timer.next();
    }
    assertThat(recovery.pending()).hasSize(8);
    for (Devcoredump dump : recovery.pending().reversed()) {
      assertThat(CrashedDevice.copy(dump, 64)).hasSize(64 + 56 + 10);
      dump.release();
    }
    for (Future<State> one : recovered) {
      assertThat(one.get()).isEqualTo(State.RUNNING);
    }
  }

  @Test
  void closingEndsAWaitingRecoveryAndTakesNoMoreCrashes() throws Exception {
    RemoteProcessor dsp = processor(CoredumpMode.INLINE);
    dsp.boot();
    Future<State> recovered = dsp.reportCrash();
    timer.next();

    recovery.close();

    assertThat(recovered.get()).isEqualTo(State.RUNNING);
    assertThatThrownBy(dsp::reportCrash).isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(dsp::reportCrash).isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void crashesBootsAndShutdownsAtOnceNeverMeet() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger met = new AtomicInteger();
    RemoteProcessor.Driver driver =
        new RemoteProcessor.Driver() {
          @Override
          public void load() {
            if (inside.incrementAndGet() > 1) {
              met.incrementAndGet();
            }
            inside.decrementAndGet();
          }
        };
    RemoteProcessor dsp =
        recovery.add(Cores.oneSegment(9).build(), driver, SubDevice.virtio("virtio0", "rpmsg0"));
    dsp.coredump().setMode(CoredumpMode.ENABLED);
    dsp.boot();
    Reading.inThreads(
        () -> {
          for (int i = 0; i < 200; i++) {
            dsp.boot();
            dsp.reportCrash().get();
            dsp.shutdown();
          }
          return true;
        });

    assertThat(met).hasValue(0);
    assertThat(dsp.state()).isEqualTo(State.RUNNING);
    assertThat(dsp.bootCount()).isOne();
    assertThat(dsp.crashCount()).isBetween(200, 1600);
    assertThat(dsp.devices().registered()).hasSize(2);
    assertThat(dsp.devices().held()).isEmpty();
    dsp.shutdown();
    assertThat(dsp.state()).isEqualTo(State.OFFLINE);
    assertThat(dsp.devices().registered()).isEmpty();
  }
}
