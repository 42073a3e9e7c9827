package org.vmcore.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vmcore.host.Host;
import org.vmcore.host.SystemCalls;

@Timeout(120)
@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "aarch64"})
final class ReservationTest extends ReservedFiles {
  private static List<String> maps() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps"));
  }

  private boolean isMapped() throws IOException {
    return maps().stream().anyMatch(line -> line.contains(dir.toString()));
  }

  /** Two files, copied bytes and gaps in 12 pages and a half; what it must read as is in bytes. */
  private MemorySegment mixed(SystemCalls calls, Arena arena, byte[] expected) throws Exception {
    SharedFile a = file("a", 4);
    SharedFile b = file("b", 4);
    byte[] copied = new byte[(int) (2 * PAGE)];
    new Random(3).nextBytes(copied);
    put(Files.readAllBytes(a.path()), PAGE, expected, PAGE, 3 * PAGE);
    put(copied, 0, expected, 5 * PAGE, 2 * PAGE);
    put(Files.readAllBytes(b.path()), 0, expected, 7 * PAGE, 2 * PAGE);
    put(Files.readAllBytes(a.path()), 0, expected, 10 * PAGE, PAGE);
    try (Reservation image = Reservation.of(calls, expected.length, 7)) {
      image.mapFile(PAGE, a, PAGE, 3 * PAGE);
      image.anonymous(5 * PAGE, 2 * PAGE).copyFrom(MemorySegment.ofArray(copied));
      image.mapFile(7 * PAGE, b, 0, 2 * PAGE);
      image.mapFile(10 * PAGE, a, 0, PAGE);
      return image.finish(arena);
    }
  }

  private static void put(byte[] from, long fromAt, byte[] to, long toAt, long size) {
    System.arraycopy(from, (int) fromAt, to, (int) toAt, (int) size);
  }

  private static byte[] emptyImage() {
    return new byte[(int) (12 * PAGE + PAGE / 2)];
  }

  @Test
  void showsFilesCopiesAndZerosAsOneRange() throws Exception {
    byte[] expected = emptyImage();
    try (Arena arena = Arena.ofShared()) {
      MemorySegment image = mixed(Host.calls(), arena, expected);
      assertThat(image.byteSize()).isEqualTo(expected.length);
      assertThat(image.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected);
      assertThat(image.isReadOnly()).isTrue();
      assertThat(isMapped()).isTrue();
      assertThat(isOpen()).isFalse();
      assertThat(writableLines(image)).isEmpty();
    }
    assertThat(isMapped()).isFalse();
  }

  private static List<String> writableLines(MemorySegment image) throws IOException {
    List<String> writable = new ArrayList<>();
    for (String line : maps()) {
      if (overlaps(line, image.address(), image.byteSize()) && line.contains(" rw")) {
        writable.add(line);
      }
    }
    return writable;
  }

  private static boolean overlaps(String line, long base, long size) {
    int dash = line.indexOf('-');
    long from = Long.parseUnsignedLong(line.substring(0, dash), 16);
    long to = Long.parseUnsignedLong(line.substring(dash + 1, line.indexOf(' ')), 16);
    return Long.compareUnsigned(from, base + size) < 0 && Long.compareUnsigned(base, to) < 0;
  }

  @Test
  void seesWhatIsWrittenToTheFileLater() throws Exception {
    SharedFile a = file("a", 1);
    try (Arena arena = Arena.ofShared();
        Reservation image = Reservation.of(PAGE, 1)) {
      image.mapFile(0, a, 0, PAGE);
      MemorySegment shown = image.finish(arena);
      try (RandomAccessFile writer = new RandomAccessFile(a.path().toFile(), "rw")) {
        writer.seek(10);
        writer.write(0x5a);
      }
      assertThat(shown.get(ValueLayout.JAVA_BYTE, 10)).isEqualTo((byte) 0x5a);
    }
  }

  @Test
  void showsZerosAfterTheEndWithinTheLastPage() throws Exception {
    Path path = Files.write(dir.resolve("odd"), new byte[] {1, 2, 3});
    try (Arena arena = Arena.ofShared();
        Reservation image = Reservation.of(PAGE, 1)) {
      image.mapFile(0, shared(path), 0, PAGE);
      byte[] expected = new byte[(int) PAGE];
      put(new byte[] {1, 2, 3}, 0, expected, 0, 3);
      assertThat(image.finish(arena).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected);
    }
  }

  @Test
  void unmapsWhatWasNotFinished() throws Exception {
    SharedFile a = file("a", 2);
    try (Reservation image = Reservation.of(4 * PAGE, 3)) {
      image.mapFile(PAGE, a, 0, 2 * PAGE);
      assertThat(isMapped()).isTrue();
    }
    assertThat(isMapped()).isFalse();
    assertThat(isOpen()).isFalse();
  }

  @Test
  void endsTheLifeOfWritableMemoryWhenFinished() throws Exception {
    try (Arena arena = Arena.ofShared();
        Reservation image = Reservation.of(PAGE, 1)) {
      MemorySegment writable = image.anonymous(0, PAGE);
      image.finish(arena);
      assertThatThrownBy(() -> writable.set(ValueLayout.JAVA_BYTE, 0, (byte) 1))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> image.anonymous(0, PAGE)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void opensFilesWhoseNamesAreNotAscii() throws Exception {
    SharedFile file = file("dump ü 名", 1);
    try (Reservation image = Reservation.of(PAGE, 1)) {
      image.mapFile(0, file, 0, PAGE);
      assertThat(isMapped()).isTrue();
    }
  }

  /** Lets one call fail, and knows what is mapped and open. */
  private static final class Failing implements SystemCalls {
    private final int failing;
    private final List<Long> mapped = new ArrayList<>();
    private int count;
    private int open;

    Failing(int failing) {
      this.failing = failing;
    }

    private boolean fails() {
      return count++ == failing;
    }

    @Override
    public long mmap(long address, long size, int protection, int flags, int fd, long offset) {
      if (fails()) {
        return -SystemCalls.ENOMEM;
      }
      long result = Host.calls().mmap(address, size, protection, flags, fd, offset);
      if ((flags & SystemCalls.MAP_FIXED) == 0) {
        mapped.add(result);
      }
      return result;
    }

    @Override
    public long munmap(long address, long size) {
      if (fails()) {
        return -SystemCalls.ENOMEM;
      }
      assertThat(mapped.remove(address)).isTrue();
      return Host.calls().munmap(address, size);
    }

    @Override
    public long mprotect(long address, long size, int protection) {
      return fails() ? -SystemCalls.ENOMEM : Host.calls().mprotect(address, size, protection);
    }

    @Override
    public long open(byte[] path, int flags) {
      if (fails()) {
        return -SystemCalls.ENOMEM;
      }
      open++;
      return Host.calls().open(path, flags);
    }

    /** As on Linux, a failed close(2) has closed the file. */
    @Override
    public long close(int fd) {
      open--;
      long result = Host.calls().close(fd);
      return fails() ? -5 : result;
    }

    @Override
    public long lseek(int fd, long offset, int whence) {
      return Host.calls().lseek(fd, offset, whence);
    }

    @Override
    public long pageSize() {
      return Host.calls().pageSize();
    }
  }

  @Test
  void leavesNothingMappedWhicheverCallFails() throws Exception {
    Failing none = new Failing(-1);
    try (Arena arena = Arena.ofShared()) {
      mixed(none, arena, emptyImage());
    }
    assertThat(none.count).isEqualTo(11);
    int refused = 0;
    for (int n = 0; n < none.count; n++) {
      Failing calls = new Failing(n);
      try (Arena arena = Arena.ofShared()) {
        byte[] expected = emptyImage();
        MemorySegment image = mixed(calls, arena, expected);
        assertThat(image.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected);
      } catch (NotMappable e) {
        assertThat(e.reason()).contains("ENOMEM").contains("vm.max_map_count");
        refused++;
      }
      assertThat(calls.count).isGreaterThan(n);
      assertThat(calls.mapped).isEmpty();
      assertThat(calls.open).isZero();
      assertThat(isMapped()).isFalse();
      assertThat(isOpen()).isFalse();
    }
    assertThat(refused).isEqualTo(8);
  }

  @Test
  @Tag("slow")
  void canBeClosedWhileEightThreadsRead() throws Exception {
    for (int round = 0; round < 20; round++) {
      Arena arena = Arena.ofShared();
      byte[] expected = emptyImage();
      MemorySegment image = mixed(Host.calls(), arena, expected);
      CountDownLatch reading = new CountDownLatch(8);
      AtomicInteger refused = new AtomicInteger();
      List<Thread> readers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        readers.add(Thread.ofPlatform().start(() -> readUntilClosed(image, reading, refused)));
      }
      reading.await();
      arena.close();
      for (Thread reader : readers) {
        reader.join();
      }
      assertThat(refused).hasValue(8);
      assertThat(isMapped()).isFalse();
    }
  }

  private static void readUntilClosed(
      MemorySegment image, CountDownLatch reading, AtomicInteger refused) {
    byte[] copy = new byte[(int) image.byteSize()];
    reading.countDown();
    try {
      while (true) {
        MemorySegment.copy(image, ValueLayout.JAVA_BYTE, 0, copy, 0, copy.length);
      }
    } catch (IllegalStateException e) {
      refused.incrementAndGet();
    }
  }

  @Test
  void showsFourTebibytesInHardlyAnyMemory() throws Exception {
    Path path = dir.resolve("sparse");
    long size = 4L << 40;
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(size);
      file.seek(size - 1);
      file.write(7);
    }
    System.gc();
    long before = resident();
    try (Arena arena = Arena.ofShared();
        Reservation image = Reservation.of(size + (4L << 40), 2)) {
      image.mapFile(0, shared(path), 0, size);
      MemorySegment shown = image.finish(arena);
      assertThat(shown.get(ValueLayout.JAVA_BYTE, size - 1)).isEqualTo((byte) 7);
      for (long at = 0; at < shown.byteSize(); at += 1L << 36) {
        if (shown.get(ValueLayout.JAVA_BYTE, at) != 0) {
          throw new AssertionError("not zero at " + at);
        }
      }
      assertThat(resident() - before).isLessThan(10 << 20);
    }
  }

  /** VmRSS and the page tables, in bytes. */
  private static long resident() throws IOException {
    long bytes = 0;
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:") || line.startsWith("VmPTE:")) {
        bytes += Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    return bytes;
  }
}
