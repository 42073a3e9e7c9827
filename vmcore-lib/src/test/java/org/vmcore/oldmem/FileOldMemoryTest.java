package org.vmcore.oldmem;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.io.ByteSource;
import org.vmcore.io.FileSlice;
import org.vmcore.memory.Extent;
import org.vmcore.memory.PageState;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Reading;

/** What of old memory a mapping can share with its file. */
class FileOldMemoryTest {
  @TempDir Path dir;
  private ByteSource source;
  private FileOldMemory memory;

  /** 0x4000 bytes: two extents, of the second one a part is lost and a part was left out. */
  @BeforeEach
  void open() throws Exception {
    source = ByteSource.open(Files.write(dir.resolve("file"), DumpBuilder.pattern(0, 0x4000)));
    memory =
        new FileOldMemory.Builder(source)
            .add(0x10000, 0x1000, 0x1000, 0x1000)
            .add(0x20000, 0, 0, 0)
            .add(0x30000, 0x5000, 0x3800, 0x2000)
            .build();
  }

  @AfterEach
  void close() {
    source.close();
  }

  @Test
  void whatIsPresentLiesInTheFile() {
    assertThat(memory.backing(0x10000, 0x1000)).hasValue(new FileSlice(source, 0x1000, 0x1000));
    assertThat(memory.backing(0x10010, 0x20)).hasValue(new FileSlice(source, 0x1010, 0x20));
    assertThat(memory.backing(0x10fff, 0x1000)).hasValue(new FileSlice(source, 0x1fff, 1));
    assertThat(memory.backing(0x30000, 0x5000)).hasValue(new FileSlice(source, 0x3800, 0x800));
  }

  @Test
  void whatIsNotPresentDoesNot() {
    assertThat(memory.backing(0x30800, 1)).isEmpty();
    assertThat(memory.backing(0x32000, 1)).isEmpty();
    assertThat(memory.backing(0x11000, 1)).isEmpty();
    assertThat(memory.backing(0x20000, 1)).isEmpty();
    assertThat(memory.backing(0, 1)).isEmpty();
    assertThat(memory.backing(-1, 1)).isEmpty();
  }

  @Test
  void aWholeFileIsMemoryFromZeroOn() throws Exception {
    FileOldMemory whole = FileOldMemory.whole(source);
    assertThat(Reading.bytes(whole, 0, 0x5000)).isEqualTo(DumpBuilder.pattern(0, 0x4000));
    assertThat(whole.extentAt(5)).isEqualTo(new Extent(0, 0x4000, PageState.PRESENT));
    assertThat(whole.isLive()).isFalse();
  }

  @Test
  void ofNothingThereIsOnlyWhatIsNoRam() {
    FileOldMemory nothing = new FileOldMemory.Builder(source).build();
    assertThat(nothing.extentAt(0)).isEqualTo(new Extent(0, 1L << 63, PageState.NOT_RAM));
    assertThat(nothing.extentAt(-1)).isEqualTo(new Extent(1L << 63, 1L << 63, PageState.NOT_RAM));
  }
}
