package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.codec.Compression;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KdumpBuilder;
import org.vmcore.testing.Packed;
import org.vmcore.testing.SeekableZstd;

/**
 * Sixteen threads that read, map, close, open and interrupt each other on the same dumps, and see
 * no byte that an independent reader doesn't: FUZZING.md tells how to run it for longer.
 *
 * <p>Each thread's operations follow from {@code -Dfuzz.seed} and its number; how they interleave
 * doesn't.
 */
@Tag("slow")
class ConcurrencyFuzzTest {
  private static final int THREADS = 16;
  private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;
  private static final long SECONDS = Long.getLong("fuzz.seconds", 0);
  private static final long ROUNDS = SECONDS == 0 ? 500 : Long.MAX_VALUE;
  private static final long SEED =
      Long.getLong("fuzz.seed", SECONDS == 0 ? 1 : System.nanoTime() & Integer.MAX_VALUE);

  @TempDir Path folder;
  private final List<SharedDump> dumps = new ArrayList<>();
  private final AtomicLong operations = new AtomicLong();

  private static DumpBuilder elf() {
    return DumpBuilder.elf64()
        .prstatus(1, 11)
        .vmcoreinfo("OSRELEASE=6.1.0", "PAGESIZE=4096")
        .load(0x1100, 0x2f00)
        .load(0x4000, 0x40000)
        .load(0x50_0000, 0x10800)
        .memsz(0x12000)
        .load(0x60_0800, 0x10)
        .excluded(0x70_0000, 0x3000);
  }

  private static byte[] kdump() {
    KdumpBuilder dump = KdumpBuilder.le64().vmcoreinfo("OSRELEASE=6.1.0", "PAGESIZE=4096");
    Compression[] all = {Compression.RAW, Compression.ZLIB, Compression.ZSTD};
    for (int pfn = 1; pfn < 200; pfn++) {
      if (pfn % 7 == 0) {
        dump.excluded(pfn);
      } else if (pfn % 31 != 0) {
        byte[] page = Arrays.copyOf(DumpBuilder.pattern(pfn, 500), 4096);
        dump.page(pfn, page, all[pfn % all.length]);
      }
    }
    return dump.build();
  }

  private static byte[] lime() {
    byte[] ram = DumpBuilder.pattern(0, 0x20000);
    return Packed.join(range(0x1000, ram), range(0x40_0000, ram));
  }

  private static byte[] range(long start, byte[] bytes) {
    ByteBuffer out = ByteBuffer.allocate(32 + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0x4c694d45).putInt(1).putLong(start).putLong(start + bytes.length - 1);
    return out.putLong(0).put(bytes).array();
  }

  private void addDumps(Path where) throws IOException {
    for (byte[] plain : List.of(elf().build(), kdump(), lime())) {
      Path file = Files.write(where.resolve("dump" + dumps.size()), plain);
      dumps.add(new SharedDump(file, plain));
      Path packed =
          Files.write(where.resolve("seek" + dumps.size()), SeekableZstd.of(plain, 0x5000));
      dumps.add(new SharedDump(packed, plain));
    }
  }

  @Test
  void everyThreadSeesWhatASimpleReaderSees() throws Exception {
    say("begins");
    try (FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix())) {
      addDumps(folder);
      addDumps(jimfs.getPath("/work"));
      run();
    } finally {
      for (SharedDump each : dumps) {
        each.close();
      }
      say(operations + " operations in " + THREADS + " threads");
    }
  }

  /** A build says nothing where all is well. */
  private static void say(String what) {
    if (SECONDS > 0) {
      System.out.println("concurrency fuzz: -Dfuzz.seed=" + SEED + ": " + what);
    }
  }

  private void run() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    Thread[] all = new Thread[THREADS];
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> runs = new ArrayList<>();
      IntStream.range(0, THREADS).forEach(i -> runs.add(threads.submit(() -> one(i, all, end))));
      for (Future<?> each : runs) {
        assertThat(each.get()).isNull();
      }
    }
  }

  private Void one(int number, Thread[] all, long end) throws Exception {
    all[number] = Thread.currentThread();
    Random random = new Random(SEED * SPREAD + number);
    try (SharedReader reader = new SharedReader(random)) {
      for (long i = 0; i < ROUNDS && (SECONDS == 0 || end - System.nanoTime() > 0); i++) {
        Thread other = all[random.nextInt(THREADS)];
        if (other != null && random.nextInt(40) == 0) {
          other.interrupt();
        }
        reader.one(dumps.get(random.nextInt(dumps.size())));
        operations.incrementAndGet();
      }
      return null;
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("thread " + number + ", -Dfuzz.seed=" + SEED + ": " + e, e);
    }
  }
}
