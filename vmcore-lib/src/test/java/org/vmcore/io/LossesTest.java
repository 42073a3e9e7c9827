package org.vmcore.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vmcore.memory.Finding;

/** What turned out to be lost of a file. */
final class LossesTest {
  private static ByteSource.Span lost(long start, long end) {
    return new ByteSource.Span(start, end, false);
  }

  private static String reason(Losses losses, long position) {
    return losses.at(position).map(Finding::message).orElse("");
  }

  @Test
  void rangesThatTouchForOneReasonAreOne() {
    Losses losses = Losses.NONE.with(10, 20, "a").with(30, 40, "a").with(20, 30, "a");

    assertThat(losses.spanAt(25, 100)).isEqualTo(lost(10, 40));
    assertThat(losses.available(0, 100)).isEqualTo(10);
    assertThat(losses.available(39, 100)).isZero();
    assertThat(losses.available(40, 100)).isEqualTo(100);
    assertThat(losses.lost(0, 100)).isEqualTo(30);
  }

  @Test
  void theNewReasonHoldsWhereRangesOverlap() {
    Losses losses = Losses.NONE.with(10, 50, "old").with(20, 30, "new");

    assertThat(losses.spanAt(15, 100)).isEqualTo(lost(10, 20));
    assertThat(losses.spanAt(25, 100)).isEqualTo(lost(20, 30));
    assertThat(losses.spanAt(35, 100)).isEqualTo(lost(30, 50));
    assertThat(losses.spanAt(5, 100)).isEqualTo(new ByteSource.Span(0, 10, true));
    assertThat(losses.spanAt(60, 100)).isEqualTo(new ByteSource.Span(50, 100, true));
    assertThat(reason(losses, 19)).isEqualTo("old");
    assertThat(reason(losses, 20)).isEqualTo("new");
    assertThat(reason(losses, 49)).isEqualTo("old");
    assertThat(reason(losses, 50)).isEmpty();
    assertThat(losses.lost(0, 100)).isEqualTo(40);
  }

  @Test
  void aCutTakesInWhatWasLostBehindIt() {
    Losses losses =
        Losses.NONE
            .with(10, 20, "bad")
            .with(60, 70, "bad")
            .with(15, 100, "cut")
            .with(12, 100, "cut");

    assertThat(losses.spanAt(11, 100)).isEqualTo(lost(10, 12));
    assertThat(losses.spanAt(65, 100)).isEqualTo(lost(12, 100));
    assertThat(reason(losses, 65)).isEqualTo("cut");
  }

  /** A process's own memory fails with EIO where nothing is mapped: page 0, for one. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aBlockThatTheFileFailsAtIsLost() throws Exception {
    Path memory = Path.of("/proc/self/mem");
    FileChannel channel = FileChannel.open(memory, StandardOpenOption.READ);
    Identity identity = Identity.of(memory, Optional.empty());
    try (ByteSource source = new ChannelSource(identity, channel, 0x10000)) {
      MemorySegment dst = MemorySegment.ofArray(new byte[0x3000]);

      assertThat(source.readPresent(0x1080, dst)).isZero();

      assertThat(source.spanAt(0x1080)).isEqualTo(lost(0x1080, 0x2000));
      assertThat(source.lossAt(0x1080).orElseThrow().message()).isEqualTo("Input/output error");
      assertThat(source.available(0x1000, 0x1000)).isEqualTo(0x80);
    }
  }
}
