package org.vmcore.format.kdump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vmcore.Vmcore;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.testing.ChildJvm;
import org.vmcore.testing.HugeDump;
import org.vmcore.testing.KdumpBuilder;
import org.vmcore.testing.KdumpMutations;
import org.vmcore.testing.Reading;

/** Kdump-compressed dumps that were made to do harm. */
@Tag("slow")
@Tag("slow")
class KdumpHarmTest extends SmallKdump {
  // --- made to do harm

  @Test
  @Timeout(value = 240, unit = TimeUnit.SECONDS)
  void aDumpWithAnyFieldOrByteMutated() throws Exception {
    String last = ChildJvm.run(KdumpMutations.class, dir).getLast();
    assertThat(last).matches("[0-9]+ mutations, [0-9]+ opened, peak [0-9]+ MiB");
    String[] words = last.split(" ", -1);
    assertThat(Integer.parseInt(words[0])).isGreaterThan(4000);
    assertThat(Integer.parseInt(words[2])).isGreaterThan(3000);
    assertThat(Integer.parseInt(words[5])).isLessThan(400);
  }

  private static Map<String, Long> measure(Path dump) throws Exception {
    return ChildJvm.run(HugeDump.class, dump, "unmapped").stream()
        .map(line -> line.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> Long.parseLong(pair[1])));
  }

  /** Every second page frame of 128 GiB. */
  private Path scattered() throws IOException {
    byte[] odd = new byte[1 << 22];
    Arrays.fill(odd, (byte) 0x55);
    KdumpBuilder dump = KdumpBuilder.le64().maxMapnr(1L << 25);
    return dump.patch(dump.bitmapOffset(), odd).writeTo(dir.resolve("scattered"));
  }

  @Test
  void moreRangesThanAnyMachineHasAreJoined() throws Exception {
    try (Vmcore vmcore = Vmcore.open(scattered())) {
      long loads = vmcore.segments().stream().filter(ProgramHeader::isLoad).count();
      assertThat(loads).isBetween(1L, 1L << 16);
      assertThat(vmcore.findings())
          .extracting(Finding::message)
          .contains("memory in more than 65536 ranges: joined where gaps have at most 1 pages");
      assertThat(vmcore.physical().extentAt(0x2000))
          .isEqualTo(new Extent(0x2000, 0x1000, PageState.EXCLUDED));
      assertThat(vmcore.physical().extentAt(0x1000))
          .isEqualTo(new Extent(0x1000, 0x1000, PageState.NOT_RAM));
      assertThat(Reading.bytes(vmcore.physical(), 0x1ff0, 0x100)).isEqualTo(new byte[0x10]);
      assertThat(Reading.bytes(vmcore.physical(), 0x2000, 1)).isEmpty();
      assertThat(vmcore.isDamaged()).isFalse();
    }
  }

  @Test
  void scatteredMemoryCostsLittle() throws Exception {
    assumeTrue(Reading.isLinux());
    Map<String, Long> measured = measure(scattered());
    assertThat(measured.get("openMillis")).isLessThan(20_000);
    assertThat(measured.get("found")).isGreaterThanOrEqualTo(100_000);
    assertThat(measured.get("findMillis")).isLessThan(5_000);
  }

  @Test
  void bitmapsOf16TebibytesCostLittle() throws Exception {
    assumeTrue(Reading.isLinux());
    long frames = 1L << 32;
    long bitmap = frames / 8;
    Path file =
        KdumpBuilder.le64()
            .set("bitmap_blocks", 2 * bitmap / 4096)
            .set("max_mapnr", 0)
            .set("max_mapnr_64", frames)
            .truncateAt(0x2000)
            .writeTo(dir.resolve("dump"));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer last = ByteBuffer.wrap(new byte[] {(byte) 0x80});
      channel.write(last, 0x2000 + bitmap - 1);
      channel.write(last.flip(), 0x2000 + 2 * bitmap - 1);
    }
    Map<String, Long> measured = measure(file);
    assertThat(measured.get("openMillis")).isLessThan(20_000);
    assertThat(measured.get("size")).isEqualTo(0x2000);
  }
}
