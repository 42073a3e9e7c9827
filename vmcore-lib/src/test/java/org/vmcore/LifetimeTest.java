package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.vmcore.testing.DumpBuilder.pattern;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Mapping;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Reading;

/** Closing, holding and opening again; files that change while they are open. */
@Tag("slow")
@Tag("slow")
class LifetimeTest {
  private static final int SIZE = 1 << 20;

  @TempDir Path dir;

  private static DumpBuilder dump() {
    return DumpBuilder.elf64()
        .prstatus(1, 11)
        .vmcoreinfo("OSRELEASE=6.1.0")
        .load(0x10_0000, SIZE)
        .vaddr(0xffff_8880_0010_0000L)
        .load(0x40_0800, 0x1000);
  }

  private Path file() throws IOException {
    return dump().writeTo(dir.resolve("dump"));
  }

  /** Reads until the dump is closed, and gives the message that says so. */
  private static String readUntilClosed(Vmcore vmcore, CountDownLatch started) {
    MemorySegment dst = MemorySegment.ofArray(new byte[0x3000]);
    try {
      Memory physical = vmcore.physical();
      while (true) {
        vmcore.read(0x1800, dst);
        physical.read(0x40_0800, dst);
        vmcore.extentAt(0x2000);
        vmcore.vmcoreInfo();
        vmcore.map(0, 0x4000).close();
        started.countDown();
      }
    } catch (VmcoreException e) {
      return e.reason();
    }
  }

  private static void closeWhileReading(Vmcore vmcore) throws Exception {
    CountDownLatch started = new CountDownLatch(Reading.THREADS);
    try (ExecutorService threads = Executors.newFixedThreadPool(Reading.THREADS)) {
      var readers =
          IntStream.range(0, Reading.THREADS)
              .mapToObj(_ -> threads.submit(() -> readUntilClosed(vmcore, started)))
              .toList();
      started.await();
      vmcore.close();
      for (Future<String> reader : readers) {
        assertThat(reader.get()).isEqualTo("the dump is closed");
      }
    }
  }

  @Test
  void closingWhileEightThreadsReadEndsThemWithAnException() throws Exception {
    Path file = file();
    for (int round = 0; round < 50; round++) {
      closeWhileReading(Vmcore.open(file));
    }
  }

  @Test
  void theSameWhereTheFileIsReadPieceByPiece() throws Exception {
    try (FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix())) {
      Path file = dump().writeTo(jimfs.getPath("/dump"));
      for (int round = 0; round < 20; round++) {
        closeWhileReading(Vmcore.open(file));
      }
    }
  }

  @Test
  void afterClosingEveryOperationIsRefused() throws Exception {
    Vmcore vmcore = Vmcore.open(file());
    Memory physical = vmcore.physical();
    vmcore.close();
    vmcore.close();
    assertClosed(() -> Reading.bytes(vmcore, 0, 16));
    assertClosed(() -> Reading.bytes(physical, 0x10_0000, 16));
    assertClosed(() -> Reading.bytes(vmcore.virtual(), 0, 16));
    assertClosed(() -> vmcore.extentAt(0));
    assertClosed(() -> vmcore.vmcoreInfo());
    assertClosed(() -> vmcore.notes().getFirst().prStatus());
    assertClosed(() -> vmcore.pages(_ -> {}));
    assertClosed(vmcore::verify);
    assertClosed(() -> vmcore.map(0, 16));
  }

  private static void assertClosed(ThrowingCallable use) {
    assertThatThrownBy(use)
        .isInstanceOf(VmcoreException.class)
        .hasMessageEndingWith("the dump is closed");
  }

  @Test
  void whatWasLearntAtOpeningStaysAfterClosing() throws Exception {
    Vmcore vmcore = Vmcore.open(file());
    vmcore.close();
    assertThat(vmcore.chunks()).hasSize(5);
    assertThat(vmcore.segments()).hasSize(3);
    assertThat(vmcore.notes()).hasSize(2);
  }

  @Test
  void openingAgainGivesADumpOfItsOwn() throws Exception {
    Path file = file();
    Vmcore first = Vmcore.open(file);
    try (Vmcore second = Vmcore.open(file)) {
      first.close();
      assertThat(Reading.bytes(second, 0x2000, 16)).isEqualTo(pattern(0x10_0000, 16));
    }
    try (Vmcore third = Vmcore.open(file)) {
      assertThat(Reading.bytes(third, 0x2000, 16)).isEqualTo(pattern(0x10_0000, 16));
    }
  }

  @Test
  void openingManyTimesLeaksNothing() throws Exception {
    assumeTrue(Reading.isLinux());
    Path file = file();
    for (int i = 0; i < 1000; i++) {
      try (Vmcore vmcore = Vmcore.open(file)) {
        vmcore.map(0, 0x3000).close();
      }
    }
    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      assertThat(open.count()).isLessThan(500);
    }
    assertThat(mapsOf(file)).isZero();
  }

  private static long mapsOf(Path file) throws IOException {
    try (var maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.filter(line -> line.contains(file.toString())).count();
    }
  }

  @Test
  void closingUnmapsAndSoDoesClosingTheLastMapping() throws Exception {
    assumeTrue(Reading.isLinux());
    Path file = file();
    Vmcore vmcore = Vmcore.open(file);
    Mapping mapping = vmcore.map(0x2000, 0x4000);
    vmcore.close();
    assertThat(mapsOf(file)).isEqualTo(1);
    mapping.close();
    assertThat(mapsOf(file)).isZero();
  }

  @Test
  void whatAFileWasTruncatedByIsLost() throws Exception {
    Path file = file();
    try (Vmcore vmcore = Vmcore.open(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      byte[] bytes = new byte[0x100];
      MemorySegment dst = MemorySegment.ofArray(bytes);
      for (int i = 0; i < 20_000; i++) {
        vmcore.read(0x2000 + i, dst); // compiled code is what faults late
      }
      channel.truncate(0x3000);
      for (int i = 0; i < 20_000; i++) {
        assertTruncated(vmcore, 0x3000 + 0x20L * i, dst);
      }
      assertThat(Reading.bytes(vmcore, 0x2000, 0x1000)).isEqualTo(pattern(0x10_0000, 0x1000));
      assertThat(Reading.bytes(vmcore.physical(), 0x18_0000, 1)).isEmpty();
      assertThat(vmcore.physical().lossAt(0x18_0000).orElseThrow().message())
          .isEqualTo("the file was truncated while it was open");
    }
  }

  private static void assertTruncated(Vmcore vmcore, long offset, MemorySegment dst)
      throws VmcoreException {
    assertThat(vmcore.read(offset, dst)).isZero();
    assertThat(vmcore.extentAt(offset).state()).isEqualTo(PageState.LOST);
  }

  @Test
  void notesThatAFileWasTruncatedByAreLost() throws Exception {
    for (int round = 0; round < 50; round++) {
      Path file = file();
      try (Vmcore vmcore = Vmcore.open(file);
          FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(0x1000);
        // What was parsed when the dump was opened is there still; nothing is read again.
        assertThat(vmcore.vmcoreInfo()).isPresent();
        assertThat(vmcore.notes().getLast().vmcoreInfo().text()).isEmpty();
        assertThat(vmcore.verify())
            .anyMatch(finding -> finding.severity() == Finding.Severity.ERROR);
        assertThatThrownBy(() -> vmcore.notes().getFirst().prStatus())
            .isInstanceOf(VmcoreException.class);
      }
    }
  }

  @Test
  void aFileTruncatedUnderManyReadersCrashesNobody() throws Exception {
    for (int round = 0; round < 20; round++) {
      Path file = file();
      CountDownLatch started = new CountDownLatch(Reading.THREADS - 1);
      AtomicInteger role = new AtomicInteger();
      try (Vmcore vmcore = Vmcore.open(file);
          FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        Reading.inThreads(
            () -> {
              if (role.getAndIncrement() == 0) {
                started.await();
                return channel.truncate(0x4000);
              }
              return readUntilTruncated(vmcore, started);
            });
      }
    }
  }

  private static long readUntilTruncated(Vmcore vmcore, CountDownLatch started) {
    MemorySegment dst = MemorySegment.ofArray(new byte[SIZE]);
    for (long reads = 1; ; reads++) {
      try {
        if (vmcore.read(0x2000, dst) < SIZE) {
          assertThat(vmcore.extentAt(0x2000 + SIZE - 1).state()).isEqualTo(PageState.LOST);
          return reads;
        }
        started.countDown();
      } catch (VmcoreException e) {
        assertThat(e.reason()).isEqualTo("the file was truncated while it was open");
        return reads;
      }
    }
  }

  @Test
  void anInterruptedReadIsToldAndTheDumpStaysOpen() throws Exception {
    try (FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix());
        Vmcore vmcore = Vmcore.open(dump().writeTo(jimfs.getPath("/dump")))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> Reading.bytes(vmcore, 0x2000, 64))
          .isInstanceOf(VmcoreException.class)
          .hasMessageEndingWith("interrupted");
      assertThat(Thread.interrupted()).isTrue();
      Reading.inThreads(
          () -> {
            assertThat(Reading.bytes(vmcore, 0x2000, 64)).isEqualTo(pattern(0x10_0000, 64));
            return true;
          });
    }
  }

  private static void assertInterrupted(Path file) {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Vmcore.open(file).close())
        .isInstanceOf(VmcoreException.class)
        .hasMessage(file + ": interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void openingOnAnInterruptedThreadIsInterrupted() throws Exception {
    assertInterrupted(file());
    try (FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix())) {
      assertInterrupted(dump().writeTo(jimfs.getPath("/dump")));
    }
  }

  @Test
  void anInterruptDoesNotDisturbAMappedFile() throws Exception {
    try (Vmcore vmcore = Vmcore.open(file())) {
      Thread.currentThread().interrupt();
      assertThat(Reading.bytes(vmcore, 0x2000, 64)).isEqualTo(pattern(0x10_0000, 64));
      vmcore.map(0, 0x3000).close();
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
