package org.vmcore.format.kdump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.vmcore.Vmcore;
import org.vmcore.codec.Compression;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.testing.Exercise;
import org.vmcore.testing.KdumpBuilder;
import org.vmcore.testing.Reading;

/** Kdump-compressed dumps that end too early. */
@Tag("slow")
class KdumpTruncatedTest extends SmallKdump {
  private static final int HEADER_SIZE = 464;

  private void assertRefused(KdumpBuilder dump, String message) throws IOException {
    Path file = dump.writeTo(dir.resolve("dump"));
    assertThatThrownBy(() -> Vmcore.open(file).close())
        .isInstanceOf(VmcoreException.class)
        .hasMessage(file + ": " + message);
  }

  // --- truncated files

  /** Everything is read; what is present equals what was dumped: zeros. */
  private static void assertPresentIsRight(Vmcore vmcore) throws VmcoreException {
    for (long pfn : new long[] {0, 1, 2, 3, 20}) {
      byte[] page = Reading.bytes(vmcore.physical(), pfn << 12, 4096);
      assertThat(page).isIn(new byte[0], new byte[4096]);
      assertThat(page.length == 4096).isEqualTo(state(vmcore, pfn) == PageState.PRESENT);
      assertThat(vmcore.physical().lossAt(pfn << 12).isPresent())
          .isEqualTo(state(vmcore, pfn) == PageState.LOST);
    }
  }

  /** Sizes at which something ends; where nothing stands in the file a few do. */
  private static boolean isWorthIt(int size) {
    return size < HEADER_SIZE + 8
        || (size >= 0x1000 && size < 0x10d0)
        || (size & 0xfff) < 8
        || size >= 0x4000
        || size % 61 == 0;
  }

  @Test
  void aDumpTruncatedAnywhere() throws Exception {
    KdumpBuilder dump = small();
    Path file = dump.writeTo(dir.resolve("dump"));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      int whole = (int) channel.size();
      for (int size = whole; size > 0; size--) {
        if (!isWorthIt(size)) {
          continue;
        }
        channel.truncate(size);
        assertThat(Exercise.dump(file, OpenOptions.DEFAULT))
            .as("size %s", size)
            .isEqualTo(size >= HEADER_SIZE);
        if (size >= HEADER_SIZE) {
          try (Vmcore vmcore = Vmcore.open(file)) {
            assertPresentIsRight(vmcore);
            assertThat(vmcore.isDamaged()).as("size %s", size).isEqualTo(size < whole);
          }
        }
      }
    }
  }

  @Test
  void aDumpTruncatedWhereItCantBeMapped() throws Exception {
    byte[] dump = small().build();
    try (FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix())) {
      Path file = jimfs.getPath("dump");
      for (int size = 1; size <= dump.length; size += 127) {
        Files.write(file, Arrays.copyOf(dump, size));
        Exercise.dump(file, OpenOptions.DEFAULT);
      }
    }
  }

  @Test
  void aHeaderThatTheFileEndsIn() throws Exception {
    String what = ": kdump header: the file ends in it, 464 bytes";
    assertRefused(small().truncateAt(463), "offset 0x1cf" + what);
    assertRefused(small().truncateAt(8), "offset 0x8" + what);
    assertRefused(small().diskdump().truncateAt(8), "offset 0x8" + what);
  }

  @Test
  void bitmapsThatTheFileEndsIn() throws Exception {
    try (Vmcore vmcore = open(small().truncateAt(0x3001))) {
      assertTold(vmcore, "the file ends in its bitmaps");
      assertThat(state(vmcore, 1)).isEqualTo(PageState.EXCLUDED);
      assertThat(state(vmcore, 2)).isEqualTo(PageState.LOST);
      assertThat(state(vmcore, 20)).isEqualTo(PageState.LOST);
      assertThat(state(vmcore, 10)).isEqualTo(PageState.NOT_RAM);
      assertThat(vmcore.physical().lossAt(0x14000).orElseThrow().message())
          .isEqualTo("page frame 0x14: the bitmap ends before it");
    }
  }

  @Test
  void descriptorsThatTheFileEndsIn() throws Exception {
    try (Vmcore vmcore = open(small().truncateAt(0x4000 + 24 + 23))) {
      assertTold(vmcore, "the file ends in its page descriptors: it has 1 of 4");
      assertThat(vmcore.physical().lossAt(0x2000).orElseThrow())
          .isEqualTo(
              Finding.error(
                  "pages", 0x4018, "page frame 0x2: the file ends before its page descriptor"));
    }
  }

  /** The last page shares the first page's bytes, so that its own are there. */
  @Test
  void pagesInFrontOfAZeroPageThatTheFileEndsIn() throws Exception {
    KdumpBuilder dump = KdumpBuilder.le64().pages(0, 300, Compression.ZLIB);
    for (int pfn = 300; pfn < 900; pfn++) {
      dump.same(pfn, 0);
    }
    try (Vmcore vmcore = open(dump.truncateAt(dump.pageOffset(200)))) {
      assertTold(vmcore, "the file ends too early: pages are lost");
      assertThat(state(vmcore, 199)).isEqualTo(PageState.PRESENT);
      assertThat(state(vmcore, 200)).isEqualTo(PageState.LOST);
      assertThat(state(vmcore, 899)).isEqualTo(PageState.PRESENT);
    }
  }
}
