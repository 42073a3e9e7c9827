package org.vmcore.remoteproc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.Reading;

/** Readers, release and time-out of an inline dump at once. */
@Timeout(120)
class ReleaseRaceTest {
  private static final int READERS = 8;
  private static final int READS = 8;
  private static final byte CRASHED = 1;
  private static final byte RESTARTED = 2;

  private final CrashedDevice.HandTimer timer = new CrashedDevice.HandTimer();
  private final Devcoredumps devcoredumps = new Devcoredumps(Devcoredumps.TIMEOUT, timer);
  private final MemorySegment memory = MemorySegment.ofArray(new byte[64]);
  private final AtomicInteger afterRestart = new AtomicInteger();
  private final AtomicInteger read = new AtomicInteger();
  private final AtomicInteger late = new AtomicInteger();
  private final AtomicInteger released = new AtomicInteger();

  @Test
  void noWakeUpIsLostAndNoByteIsReadAfterTheEnd() throws Exception {
    race(500);
  }

  @Test
  @Tag("slow")
  void norInTenThousandRaces() throws Exception {
    race(10_000);
  }

  /**
   * In each race the dump ends by a release or the time-out, whichever is first; then the memory is
   * overwritten, as by a restart. Every wait ends, one of the two wins, and no reader has a byte of
   * the restarted processor.
   */
  private void race(int races) throws Exception {
    RemoteprocCoredump coredump =
        Cores.elf32()
            .memory(new Carveouts().add(0, memory))
            .segment(DumpSegment.of(0, memory.byteSize()))
            .build();
    coredump.setMode(CoredumpMode.INLINE);
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      for (int i = 0; i < races; i++) {
        race(coredump, threads, i);
      }
    }
    assertThat(afterRestart).hasValue(0);
    assertThat(read).hasPositiveValue();
    assertThat(late).hasPositiveValue();
    assertThat(released).hasPositiveValue().hasValueLessThan(races);
    assertThat(devcoredumps.pending()).isEmpty();
  }

  private void race(RemoteprocCoredump coredump, ExecutorService threads, int number)
      throws Exception {
    memory.fill(CRASHED);
    Future<Boolean> recovery =
        threads.submit(
            () -> {
              boolean made = coredump.dump(devcoredumps);
              memory.fill(RESTARTED);
              return made;
            });
    Runnable timeOut = timer.next();
    PendingCoredump dump = devcoredumps.of("remoteproc0").orElseThrow();
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      all.add(threads.submit(() -> readSome(dump)));
    }
    if (number % 2 == 0) {
      all.add(threads.submit(timeOut));
      release(dump);
    } else {
      all.add(threads.submit(() -> release(dump)));
      timeOut.run();
    }
    assertThat(recovery.get()).isTrue();
    assertThatThrownBy(() -> Reading.bytes(dump, 0, 1)).hasMessageContaining("is gone");
    for (Future<?> one : all) {
      one.get();
    }
  }

  private void readSome(PendingCoredump dump) {
    byte[] bytes = new byte[64];
    try {
      for (int i = 0; i < READS; i++) {
        long got = dump.read(84, MemorySegment.ofArray(bytes));
        read.addAndGet((int) got);
        if (MemorySegment.ofArray(bytes).asSlice(0, got).mismatch(expected(got)) >= 0) {
          afterRestart.incrementAndGet();
        }
      }
    } catch (VmcoreException gone) {
      late.incrementAndGet();
      assertThat(gone).hasMessageContaining("is gone");
    }
  }

  private static MemorySegment expected(long size) {
    byte[] bytes = new byte[(int) size];
    MemorySegment.ofArray(bytes).fill(CRASHED);
    return MemorySegment.ofArray(bytes).asSlice(0, size * ValueLayout.JAVA_BYTE.byteSize());
  }

  private void release(PendingCoredump dump) {
    try {
      dump.release();
      released.incrementAndGet();
    } catch (IOException gone) {
      assertThat(gone).hasMessageEndingWith("is gone: its time was over");
    }
  }
}
