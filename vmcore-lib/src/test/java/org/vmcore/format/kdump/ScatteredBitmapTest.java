package org.vmcore.format.kdump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.memory.PageCounts;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.Reading;

/** Bitmaps with more ranges than any machine has: pages are counted, and not listed in memory. */
class ScatteredBitmapTest {
  private static final int PAGE = 4096;
  private static final int BITMAP = 3 * PAGE;

  @TempDir Path dir;

  /** A dump whose bitmaps are these; it has no descriptors, and ends behind {@code size} bytes. */
  private Path dump(byte[] exists, byte[] dumped, int size) throws Exception {
    ByteBuffer file =
        ByteBuffer.allocate(BITMAP + 2 * exists.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put("KDUMP   ".getBytes(StandardCharsets.US_ASCII)).putInt(6);
    file.put(12 + 4 * 65, "x86_64".getBytes(StandardCharsets.US_ASCII));
    file.putInt(428, PAGE).putInt(432, 2).putInt(436, 2 * exists.length / PAGE).putInt(460, 1);
    file.putInt(PAGE + 8, 31).putLong(PAGE + 96, 8L * exists.length);
    file.put(BITMAP, exists).put(BITMAP + exists.length, dumped);
    return Files.write(
        dir.resolve("dump"), Arrays.copyOf(file.array(), Math.min(size, file.capacity())));
  }

  private static byte[] every(int bits, int size) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) bits);
    return bytes;
  }

  private static PageCounts told(Vmcore vmcore) throws VmcoreException {
    Map<PageState, Long> counts = new EnumMap<>(PageState.class);
    vmcore.pages(range -> counts.merge(range.state(), range.count(), Long::sum));
    return new PageCounts(
        counts.getOrDefault(PageState.PRESENT, 0L),
        counts.getOrDefault(PageState.EXCLUDED, 0L),
        counts.getOrDefault(PageState.LOST, 0L),
        counts.getOrDefault(PageState.NOT_RAM, 0L));
  }

  @Test
  void everyOtherPageOfManyIsCounted() throws Exception {
    int size = 1 << 19;
    Path file = dump(every(0x55, size), new byte[size], Integer.MAX_VALUE);

    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(vmcore.pageCounts())
          .isEqualTo(new PageCounts(0, 4L * size, 0, 4L * size - 1))
          .isEqualTo(told(vmcore));
    }
  }

  @Test
  void countsAreThoseOfTheRangesHoweverBitmapsLie() throws Exception {
    Random random = new Random(3);
    int[] ends = {Integer.MAX_VALUE, BITMAP + 2 * PAGE + 100, BITMAP + 700, BITMAP + PAGE + 9};
    for (int end : ends) {
      byte[] exists = new byte[2 * PAGE];
      byte[] dumped = new byte[exists.length];
      for (int i = 0; i < exists.length; i++) {
        exists[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt() : 0);
        dumped[i] = (byte) (random.nextInt(2) == 0 ? random.nextInt() : exists[i]);
      }

      try (Vmcore vmcore = Vmcore.open(dump(exists, dumped, end))) {
        assertThat(vmcore.pageCounts()).as("%s bytes", end).isEqualTo(told(vmcore));
      }
    }
  }

  @Test
  void moreMissingExtentsThanAListHoldsAreRefusedByName() throws Exception {
    int size = 1 << 19;
    Path file = dump(every(0x55, size), new byte[size], Integer.MAX_VALUE);

    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThatThrownBy(() -> vmcore.map(0, vmcore.size()))
          .isInstanceOf(VmcoreException.class)
          .hasMessage(
              file
                  + ": can't be mapped: it would have more than 1048576 pieces, shared, copied or"
                  + " missing: map a smaller range, or read it");
      vmcore.map(0, 1 << 20).close();
    }
  }

  /**
   * {@code file} as makedumpfile -F writes it, but for the bytes from {@code from} to {@code to}.
   */
  private Path flattened(byte[] file, int from, int to) throws Exception {
    ByteBuffer flat = ByteBuffer.allocate(PAGE + 3 * 16 + file.length - (to - from));
    flat.put("makedumpfile".getBytes(StandardCharsets.US_ASCII)).putLong(16, 1).putLong(24, 1);
    flat.position(PAGE).putLong(0).putLong(from).put(file, 0, from);
    flat.putLong(to).putLong(file.length - to).put(file, to, file.length - to);
    flat.putLong(-1).putLong(-1);
    return Files.write(dir.resolve("flat"), flat.array());
  }

  @Test
  void aReadEndsAtAPageThatWasNotDumpedWhereTheFirstBitmapIsLost() throws Exception {
    int bitmaps = 2 * PAGE;
    int data = BITMAP + bitmaps + 2 * PageDescriptors.SIZE;
    ByteBuffer file = ByteBuffer.allocate(data + 2 * PAGE).order(ByteOrder.LITTLE_ENDIAN);
    byte[] dumped = new byte[PAGE];
    dumped[512] = 0b101; // the first and the third page frame of the second block
    file.put(Files.readAllBytes(dump(every(0xff, PAGE), dumped, Integer.MAX_VALUE)));
    file.putLong(data).putInt(PAGE).putInt(0).putLong(0);
    file.putLong(data + PAGE).putInt(PAGE).putInt(0).putLong(0);
    file.put(every('A', PAGE)).put(every('B', PAGE));

    try (Vmcore vmcore = Vmcore.open(flattened(file.array(), BITMAP + 512, BITMAP + 1024))) {
      long address = 4096L * PAGE;
      assertThat(Reading.bytes(vmcore.physical(), address, 3L * PAGE)).isEqualTo(every('A', PAGE));
      assertThat(Reading.bytes(vmcore.physical(), address + 2L * PAGE, PAGE))
          .isEqualTo(every('B', PAGE));
    }
  }
}
