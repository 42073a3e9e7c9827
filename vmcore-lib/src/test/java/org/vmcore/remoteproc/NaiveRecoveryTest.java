package org.vmcore.remoteproc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The same checks find the mistakes in a naive recovery, and none in the library's. */
class NaiveRecoveryTest {
  /** What a holder sees of what it holds, whoever made it. */
  private record Seen(String name, int generation, int references) {}

  /** A processor that runs, of either kind. */
  private interface Subject {
    void boot() throws Exception;

    void crash() throws Exception;

    int starts();

    /** Takes hold of the virtio device; what is given tells what the holder sees later. */
    Callable<Seen> hold() throws Exception;
  }

  private static Subject naive() {
    NaiveRecovery naive = new NaiveRecovery();
    return new Subject() {
      @Override
      public void boot() {
        naive.boot();
      }

      @Override
      public void crash() {
        naive.recover();
      }

      @Override
      public int starts() {
        return naive.starts();
      }

      @Override
      public Callable<Seen> hold() {
        NaiveRecovery held = naive.hold();
        return () -> new Seen(held.name(), held.generation(), held.references());
      }
    };
  }

  private static Subject real(RemoteProcessor processor, int[] starts) {
    return new Subject() {
      @Override
      public void boot() throws Exception {
        processor.boot();
      }

      @Override
      public void crash() throws Exception {
        processor.reportCrash().get();
      }

      @Override
      public int starts() {
        return starts[0];
      }

      @Override
      public Callable<Seen> hold() throws Exception {
        Device held = processor.devices().find("virtio0").orElseThrow().hold().device();
        return () -> new Seen(held.name(), held.generation(), held.references());
      }
    };
  }

  private static void requireThatAHeldObjectStays(Subject processor) throws Exception {
    processor.boot();
    Callable<Seen> held = processor.hold();
    assertThat(held.call()).isEqualTo(new Seen("virtio0", 1, 2));
    processor.crash();
    assertThat(held.call()).as("its own reference alone").isEqualTo(new Seen("virtio0", 1, 1));
    assertThat(processor.hold().call()).as("successor").isEqualTo(new Seen("virtio0", 2, 2));
  }

  private static void requireARestartWhateverTheBootCount(Subject processor) throws Exception {
    processor.boot();
    processor.boot();
    processor.crash();
    assertThat(processor.starts()).isEqualTo(2);
  }

  private interface Check {
    void of(Subject processor) throws Exception;
  }

  private static void requireOfTheLibrary(Check check) throws Exception {
    int[] starts = {0};
    RemoteProcessor.Driver driver =
        new RemoteProcessor.Driver() {
          @Override
          public void start() {
            starts[0]++;
          }
        };
    try (RemoteprocRecovery recovery =
        new RemoteprocRecovery(new Devcoredumps(), RecoveryListener.NONE)) {
      check.of(
          real(
              recovery.add(Cores.oneSegment(8).build(), driver, SubDevice.virtio("virtio0")),
              starts));
    }
  }

  @Test
  void anObjectIsNotZeroedUnderItsHolder() throws Exception {
    requireOfTheLibrary(NaiveRecoveryTest::requireThatAHeldObjectStays);
    assertThatThrownBy(() -> requireThatAHeldObjectStays(naive()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("its own reference alone");
  }

  @Test
  void aRecoveryRestartsWhatOthersWantToRun() throws Exception {
    requireOfTheLibrary(NaiveRecoveryTest::requireARestartWhateverTheBootCount);
    assertThatThrownBy(() -> requireARestartWhateverTheBootCount(naive()))
        .isInstanceOf(AssertionError.class);
  }
}
