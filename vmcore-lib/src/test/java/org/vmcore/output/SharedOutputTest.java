package org.vmcore.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vmcore.memory.VmcoreException;

/** Outputs of which several threads write parts. */
@Timeout(60)
final class SharedOutputTest extends OutputFolder {
  private static final int PAGE = 4096;
  private static final int SIZE = (24 << 20) + 4711;

  /** Data, with pages of zeros in between, and runs of them. */
  private static byte[] pages(long seed) {
    Random random = new Random(seed);
    byte[] bytes = new byte[SIZE];
    random.nextBytes(bytes);
    for (int at = 0; at + PAGE <= SIZE; at += PAGE) {
      if (random.nextInt(3) == 0 || (at >> 20) % 5 == 2) {
        Arrays.fill(bytes, at, at + PAGE, (byte) 0);
      }
    }
    return bytes;
  }

  /** Appends all of {@code bytes} from {@code from} on, in reads of {@code most} bytes. */
  private static void append(Appender out, byte[] bytes, int from, long size, int most)
      throws VmcoreException {
    long done = 0;
    while (done < size) {
      int at = from + (int) done;
      long left = size - done;
      long shared = out.share(left, (part, n) -> append(part, bytes, at, n, most));
      done +=
          shared > 0
              ? shared
              : out.append(
                  Math.min(left, most),
                  dst -> {
                    MemorySegment.copy(MemorySegment.ofArray(bytes), at, dst, 0, dst.byteSize());
                    return dst.byteSize();
                  });
    }
  }

  @Test
  void hasEveryByteWhereItBelongs() throws Exception {
    byte[] bytes = pages(1);
    Path target = dir.resolve("out");
    try (OutputFile out = OutputFile.create(target, NEW)) {
      append(out, bytes, 0, 5, SIZE); // an odd start
      append(out, bytes, 5, SIZE - 5, 10_000);
      assertThat(out.position()).isEqualTo(SIZE);
      out.commit();
      assertThat(out.zeros()).isGreaterThan(SIZE / 4).isLessThan(SIZE * 3 / 4);
    }
    assertThat(Files.readAllBytes(target)).isEqualTo(bytes);
  }

  @Test
  void mixesWithWhatIsAppendedInOrder() throws Exception {
    byte[] bytes = pages(2);
    Path target = dir.resolve("out");
    Random random = new Random(3);
    try (OutputFile out = OutputFile.create(target, NEW)) {
      for (int at = 0; at < SIZE; ) {
        int n = Math.min(SIZE - at, 1 + random.nextInt(3 << 20));
        if (random.nextBoolean()) {
          append(out, bytes, at, n, SIZE);
        } else {
          out.write(bytes, at, n);
        }
        at += n;
      }
      out.commit();
    }
    assertThat(Files.readAllBytes(target)).isEqualTo(bytes);
  }

  @Test
  void aPartMayHaveHoles() throws Exception {
    Path target = dir.resolve("out");
    try (OutputFile out = OutputFile.create(target, NEW)) {
      long given =
          out.share(
              1 << 20,
              (part, size) -> {
                part.skip(300_001);
                part.append(1, dst -> dst.fill((byte) 1).byteSize());
                part.skip(size - 300_002);
              });
      assertThat(given).isEqualTo(1 << 20);
      out.commit();
    }
    byte[] expected = new byte[1 << 20];
    expected[300_001] = 1;
    assertThat(Files.readAllBytes(target)).isEqualTo(expected);
  }

  @Test
  void whatIsWrittenInOrderIsNotShared() throws Exception {
    try (OutputFile out = OutputFile.create(Path.of("/dev/null"), NEW)) {
      assertThat(out.share(SIZE, (_, _) -> {})).isZero();
      out.commit();
    }
  }

  @Test
  void tellsOfTheFailureNearestToTheStart() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch failed = new CountDownLatch(1);
    BlockWriter writer = new BlockWriter("out", StagedFile.create(dir.resolve("out"), NEW));
    try (Parts parts = new Parts(writer, 1)) {
      parts.add(
          0,
          1,
          (_, _) -> {
            begun.countDown();
            await(failed);
            throw VmcoreException.of("dump", "the first fails");
          });
      begun.await();
      parts.add(PAGE, 1, (_, _) -> {}); // waits for the thread
      assertThatThrownBy(
              () ->
                  parts.add(
                      2 * PAGE,
                      1,
                      (_, _) -> {
                        throw VmcoreException.of("dump", "the third fails");
                      }))
          .hasMessage("dump: the third fails");
      failed.countDown();
      assertThatThrownBy(parts::await).hasMessage("dump: the first fails");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void leavesNothingOnAFullDisk() throws Exception {
    var small = Configuration.unix().toBuilder().setMaxSize(4 << 20).setBlockSize(4096).build();
    byte[] bytes = pages(4);
    try (FileSystem fs = Jimfs.newFileSystem(small)) {
      assertThatThrownBy(
              () -> {
                try (OutputFile out = OutputFile.create(fs.getPath("out"), NEW)) {
                  append(out, bytes, 0, SIZE, SIZE);
                  out.commit();
                }
              })
          .isInstanceOf(VmcoreException.class)
          .hasMessageContaining("out: offset 0x")
          .hasMessageContaining("cannot write: out of disk space");
      assertThat(names(fs.getPath("/work"))).isEmpty();
    }
  }

  @Test
  void closingWaitsForThePartsUnderWay() throws Exception {
    Set<Thread> running = ConcurrentHashMap.newKeySet();
    try (OutputFile out = OutputFile.create(dir.resolve("out"), NEW)) {
      for (int i = 0; i < 8; i++) {
        out.share(
            1 << 20,
            (part, size) -> {
              running.add(Thread.currentThread());
              part.append(1, dst -> dst.fill((byte) 1).byteSize());
              part.skip(size - 1);
              running.remove(Thread.currentThread());
            });
      }
    }
    assertThat(running).isEmpty();
    assertThat(names(dir)).isEmpty();
  }

  @Test
  void anErrorOfAnyThreadIsThrownAsItIs() throws Exception {
    IllegalStateException error = new IllegalStateException("a mistake");
    assertThatThrownBy(
            () -> {
              try (OutputFile out = OutputFile.create(dir.resolve("out"), NEW)) {
                out.share(
                    1 << 20,
                    (_, _) -> {
                      throw error;
                    });
                out.commit();
              }
            })
        .isSameAs(error);
  }
}
