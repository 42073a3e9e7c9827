package org.vmcore.kernel.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.KernelDump.BASE;
import static org.vmcore.testing.PrintkRingBytes.DATA;
import static org.vmcore.testing.PrintkRingBytes.DESCS;
import static org.vmcore.testing.PrintkRingBytes.INFOS;
import static org.vmcore.testing.PrintkRingBytes.RING;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.KernelDump;
import org.vmcore.testing.PrintkRingBytes;
import org.vmcore.testing.RecordBufferBytes;

/** Logs of random bytes: whatever they hold, reading ends, with findings or a reason. */
@Tag("slow")
@Tag("slow")
class HostileLogTest {
  private static final int CASES = 500;
  private static final long SECOND = 1_000_000_000L;

  @TempDir Path folder;
  private final Random random = new Random(20_260_101);
  private final List<LogRecord> records = new ArrayList<>();
  private int refused;
  private int damaged;
  private int read;

  /** Random bytes, words that are small, all ones or addresses of the log itself. */
  private void spoil(KernelDump dump, long from, int size) {
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      long at = from + random.nextInt(size - 8);
      switch (random.nextInt(6)) {
        case 0 -> dump.u8(at, random.nextInt(256));
        case 1 -> dump.u16(at, random.nextInt(1 << 16));
        case 2 -> dump.u32(at & -4, random.nextInt(40));
        case 3 -> dump.u64(at & -8, random.nextLong());
        case 4 -> dump.u64(at & -8, -1L >>> random.nextInt(64));
        default -> dump.u64(at & -8, BASE + random.nextInt(KernelDump.SIZE));
      }
    }
  }

  private void read(KernelDump dump) throws Exception {
    records.clear();
    try (Vmcore vmcore = Vmcore.open(dump.dump().writeTo(folder.resolve("vmcore")))) {
      List<Finding> gaps = Kernel.of(vmcore).log().records(records::add);
      damaged += gaps.isEmpty() ? 0 : 1;
      read += records.isEmpty() ? 0 : 1;
      assertThat(gaps).hasSizeLessThan(8);
      assertThat(gaps).allMatch(gap -> gap.message().length() < 300);
    } catch (VmcoreException e) {
      refused++;
    }
  }

  private long bytes() {
    long bytes = 0;
    for (LogRecord each : records) {
      bytes += each.text().length;
    }
    return bytes;
  }

  @Test
  @Timeout(300)
  void anyRing() throws Exception {
    for (int i = 0; i < CASES; i++) {
      KernelDump dump = new KernelDump();
      PrintkRingBytes ring = new PrintkRingBytes(dump, 4, 10, random.nextLong());
      for (int n = random.nextInt(32); n >= 0; n--) {
        ring.add(n * SECOND, n & 7, new byte[random.nextInt(40)]);
      }
      switch (random.nextInt(4)) {
        case 0 -> spoil(dump, RING, 80);
        case 1 -> spoil(dump, DESCS, 16 * 24);
        case 2 -> spoil(dump, INFOS, 16 * 88);
        default -> {
          spoil(dump, RING, 80);
          spoil(dump, DESCS, 16 * 24);
          spoil(dump, INFOS, 16 * 88);
          spoil(dump, DATA, 1024);
        }
      }
      read(dump);
      assertThat(bytes()).as("case %s", i).isLessThanOrEqualTo(KernelDump.SIZE);
      assertThat(records).as("case %s", i).hasSizeLessThanOrEqualTo(KernelDump.SIZE / 24);
    }
    assertThat(List.of(refused, damaged, read)).allMatch(count -> count > CASES / 20);
  }

  @Test
  @Timeout(300)
  void anyBuffer() throws Exception {
    for (int i = 0; i < CASES; i++) {
      KernelDump dump = new KernelDump();
      RecordBufferBytes buffer = new RecordBufferBytes(dump, "printk_log", 2048, false);
      buffer.first(1900).add(SECOND, 0, 0, "older").wrap();
      for (int n = random.nextInt(32); n >= 0; n--) {
        buffer.add(n * SECOND, 0, 0, "x".repeat(random.nextInt(30)));
      }
      if (random.nextBoolean()) {
        spoil(dump, RecordBufferBytes.VARIABLES + 8, 16);
      }
      spoil(dump, RecordBufferBytes.BUFFER, 2048);
      read(dump);
      assertThat(bytes()).as("case %s", i).isLessThanOrEqualTo(2 * KernelDump.SIZE);
      assertThat(records).as("case %s", i).hasSizeLessThanOrEqualTo(KernelDump.SIZE / 16);
    }
    assertThat(List.of(refused, damaged, read)).allMatch(count -> count > CASES / 20);
  }
}
