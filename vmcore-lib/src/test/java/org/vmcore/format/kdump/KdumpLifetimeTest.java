package org.vmcore.format.kdump;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.vmcore.Vmcore;
import org.vmcore.codec.Compression;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.KdumpBuilder;
import org.vmcore.testing.Reading;

/** Kdump-compressed dumps that are closed, cut or changed while they are read. */
@Tag("slow")
class KdumpLifetimeTest extends OpenedKdump {
  // --- life times

  private static String readUntilClosed(Vmcore vmcore, CountDownLatch started) {
    MemorySegment dst = MemorySegment.ofArray(new byte[0x3000]);
    try {
      for (long at = 0; ; at = (at + 0x2800) % 0x7_0000) {
        vmcore.physical().read(at, dst);
        vmcore.physical().extentAt(at);
        vmcore.physical().lossAt(at);
        started.countDown();
      }
    } catch (VmcoreException e) {
      return e.reason();
    }
  }

  private static void closeWhileReading(Vmcore vmcore) throws Exception {
    CountDownLatch started = new CountDownLatch(Reading.THREADS);
    try (ExecutorService threads = Executors.newFixedThreadPool(Reading.THREADS)) {
      List<Future<String>> readers =
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
    Path file = KdumpBuilder.le64().pages(0, 128, Compression.ZLIB).writeTo(dir.resolve("dump"));
    for (int round = 0; round < 30; round++) {
      closeWhileReading(Vmcore.open(file));
    }
  }

  @Test
  void theSameWhereTheFileIsReadPieceByPiece() throws Exception {
    try (FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix())) {
      Path file =
          KdumpBuilder.le64().pages(0, 128, Compression.ZLIB).writeTo(jimfs.getPath("dump"));
      for (int round = 0; round < 10; round++) {
        closeWhileReading(Vmcore.open(file));
      }
    }
  }

  /** More pages than are read ahead. */
  private static KdumpBuilder large() {
    return KdumpBuilder.le64()
        .vmcoreinfo("OSRELEASE=6.1.0")
        .pages(0, 1000, Compression.LZO1X)
        .pages(1000, 200, Compression.RAW);
  }

  @Test
  void pagesThatAFileWasTruncatedByAreLost() throws Exception {
    KdumpBuilder dump = large();
    Path file = dump.writeTo(dir.resolve("dump"));
    try (Vmcore vmcore = Vmcore.open(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      assertPage(vmcore, dump, 3);
      channel.truncate(dump.pageOffset(100) & -4096);
      for (int pfn : new int[] {500, 501, 502, 1100, 1101}) {
        long address = (long) pfn << 12;
        assertThat(Reading.bytes(vmcore.physical(), address, 4096)).isEmpty();
        assertThat(vmcore.physical().extentAt(address).state()).isEqualTo(PageState.LOST);
        assertThat(vmcore.physical().lossAt(address).orElseThrow().message())
            .endsWith("the file was truncated while it was open");
      }
      assertPage(vmcore, dump, 50);
    }
  }

  @Test
  void pagesWhoseDescriptorsAFileWasTruncatedByAreLost() throws Exception {
    for (int round = 0; round < 20; round++) {
      Path file = large().writeTo(dir.resolve("dump"));
      try (Vmcore vmcore = Vmcore.open(file);
          FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(0x1000);
        assertThat(Reading.bytes(vmcore.physical(), 0x1000, 16)).isEmpty();
        assertThat(vmcore.physical().extentAt(0x1000).state()).isEqualTo(PageState.LOST);
        assertThat(vmcore.verify())
            .anyMatch(finding -> finding.severity() == Finding.Severity.ERROR);
      }
    }
  }

  @Test
  void aFileTruncatedUnderManyReadersCrashesNobody() throws Exception {
    KdumpBuilder dump = large();
    for (int round = 0; round < 10; round++) {
      Path file = dump.writeTo(dir.resolve("dump"));
      AtomicInteger role = new AtomicInteger();
      try (Vmcore vmcore = Vmcore.open(file);
          FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        Reading.inThreads(
            () -> {
              int number = role.getAndIncrement();
              return number == 0 ? channel.truncate(0x3000) : readAll(vmcore, number);
            });
      }
    }
  }

  @Test
  void aBitmapThatChangesWhileItIsOpenDoesNoHarm() throws Exception {
    KdumpBuilder dump =
        KdumpBuilder.le64().pages(0, 5, Compression.ZLIB).pages(5000, 5, Compression.ZLIB);
    Path file = dump.writeTo(dir.resolve("dump"));
    byte[] ones = new byte[64];
    Arrays.fill(ones, (byte) 0xff);
    try (Vmcore vmcore = Vmcore.open(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      assertPage(vmcore, dump, 5000);
      channel.write(ByteBuffer.wrap(ones), 0x3000);
      Memory memory = vmcore.physical();
      for (long pfn = 0; pfn < 5; pfn++) {
        assertPage(vmcore, dump, pfn);
      }
      for (long pfn = 5000; pfn < 5005; pfn++) {
        Reading.bytes(memory, pfn << 12, 4096);
        Reading.bytes(memory, (pfn - 5000) << 12, 0x10000);
        assertThat(memory.extentAt(pfn << 12).contains(pfn << 12)).isTrue();
        memory.lossAt(pfn << 12);
      }
    }
  }

  private static long readAll(Vmcore vmcore, int seed) {
    MemorySegment dst = MemorySegment.ofArray(new byte[0x8000]);
    Random random = new Random(seed);
    long failed = 0;
    for (int i = 0; i < 300; i++) {
      try {
        long got = vmcore.physical().read((long) random.nextInt(1192) << 12, dst);
        failed += got < dst.byteSize() ? 1 : 0;
      } catch (VmcoreException e) {
        assertThat(e.reason()).isEqualTo("the file was truncated while it was open");
        failed++;
      }
    }
    return failed;
  }
}
