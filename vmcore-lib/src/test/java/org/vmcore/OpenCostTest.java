package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.open.OpenOptions;
import org.vmcore.testing.ChildJvm;
import org.vmcore.testing.CountingMemory;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.HugeDump;
import org.vmcore.testing.HugeKdump;
import org.vmcore.testing.Reading;

/** Opening costs headers and notes, not the size; mapping costs no memory. */
@Tag("slow")
class OpenCostTest {
  private static final long TIB = 1L << 40;

  @TempDir Path dir;

  /** What {@link HugeDump} measured in a JVM with 64 MiB of heap. */
  private static Map<String, Long> measure(Path dump) throws IOException, InterruptedException {
    return measure(HugeDump.class, dump);
  }

  private static Map<String, Long> measure(Class<?> main, Path dump)
      throws IOException, InterruptedException {
    return ChildJvm.run(main, dump).stream()
        .map(line -> line.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> Long.parseLong(pair[1])));
  }

  @Test
  void fourTebibytesInOneSegment() throws Exception {
    assumeTrue(Reading.isLinux());
    Path dump =
        DumpBuilder.elf64()
            .vmcoreinfo("OSRELEASE=6.1.0")
            .sparse(TIB, 4 * TIB)
            .writeTo(dir.resolve("dump"));
    Map<String, Long> measured = measure(dump);
    assertThat(measured.get("size")).isEqualTo(4 * TIB + 0x2000);
    assertThat(measured.get("chunks")).isEqualTo(3);
    assertThat(measured.get("openMillis")).isLessThan(2000);
    assertThat(measured.get("zeroCopy")).isEqualTo(1);
    assertThat(measured.get("mappedBytes")).isEqualTo(4 * TIB + 0x2000);
    assertThat(measured.get("residentBytes")).isLessThan(10 << 20);
  }

  @Test
  void fourTebibytesInAHundredThousandFractionalSegments() throws Exception {
    assumeTrue(Reading.isLinux());
    DumpBuilder builder = DumpBuilder.elf64();
    long each = 4 * TIB / 100_000;
    for (int i = 0; i < 100_000; i++) {
      builder.sparse(i * each | 0x800, each - 0x1000 & -0x1000);
    }
    Map<String, Long> measured = measure(builder.writeTo(dir.resolve("dump")));
    assertThat(measured.get("size")).isGreaterThan(39 * TIB / 10);
    assertThat(measured.get("chunks")).isEqualTo(300_001);
    assertThat(measured.get("openMillis")).isLessThan(10_000);
    assertThat(measured.get("found")).isEqualTo(100_000 + 20 * 16);
    assertThat(measured.get("findMillis")).isLessThan(5_000);
  }

  @Test
  void kdumpOfSixteenTebibytes() throws Exception {
    assumeTrue(Reading.isLinux());
    Map<String, Long> measured = measure(HugeKdump.class, HugeKdump.write(dir.resolve("dump")));
    assertThat(measured.get("memorySize")).isEqualTo(HugeKdump.RAM);
    assertThat(measured.get("chunks")).isEqualTo(5);
    assertThat(measured.get("notes")).isEqualTo(1);
    assertThat(measured.get("openMillis"))
        .isLessThan(Math.max(2000, 8 * measured.get("bitmapsMillis")));
    assertThat(measured.get("right")).isEqualTo(HugeKdump.DUMPED);
    assertThat(measured.get("readMillis")).isLessThan(1000);
    assertThat(measured.get("present")).isEqualTo(HugeKdump.DUMPED);
    assertThat(measured.get("excluded")).isEqualTo(HugeKdump.RAM / 4096 - HugeKdump.DUMPED);
    assertThat(measured.get("lost")).isEqualTo(0);
    assertThat(measured.get("pagesMillis")).isLessThan(2000);
  }

  @Test
  void openingReadsNotesAndNothingElseOfOldMemory() throws Exception {
    DumpBuilder dump =
        DumpBuilder.elf64()
            .ramImage()
            .noteArea(0x200)
            .at(0x800)
            .vmcoreinfo("PAGESIZE=4096")
            .load(0x1000, 0x3000)
            .load(0x4800, 0x1000);
    CountingMemory memory = CountingMemory.of(dump.build());
    try (Vmcore vmcore = Vmcore.of("oldmem", dump.crashHeaders(), memory, OpenOptions.DEFAULT)) {
      vmcore.chunks();
      vmcore.segments();
      vmcore.notes();
      vmcore.memorySize();
      vmcore.pages(_ -> {});
      assertThat(memory.reads(0x1000, 0x100_0000)).isEmpty();
      assertThat(memory.reads()).hasSizeBetween(1, 10);
    }
  }
}
