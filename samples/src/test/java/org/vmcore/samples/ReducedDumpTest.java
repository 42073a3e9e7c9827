package org.vmcore.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.memory.PageRange;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.RealDumps;

class ReducedDumpTest {
  private static final int PAGE = 4096;
  private static final Path CRASHED = Path.of("dumps", CrashedSample.NAME);

  @TempDir Path folder;

  private static byte[] page(Vmcore vmcore, long address) throws VmcoreException {
    byte[] page = new byte[PAGE];
    assertThat(vmcore.physical().read(address, MemorySegment.ofArray(page))).isEqualTo(PAGE);
    return page;
  }

  @Test
  void pagesThatWereReadAreKept() throws IOException {
    byte[] bytes = new byte[8 * PAGE];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i / PAGE + i);
    }
    Path whole =
        DumpBuilder.elf64()
            .prstatus(7, 0)
            .vmcoreinfo("OSRELEASE=6.1.0-sample", "PAGESIZE=4096")
            .load(0x10000, bytes)
            .writeTo(folder.resolve("vmcore"));
    Path reduced = folder.resolve("reduced");

    try (Vmcore source = Vmcore.open(whole)) {
      int count =
          ReducedDump.write(
              source,
              vmcore -> {
                byte[] across = new byte[2];
                vmcore.physical().read(0x11fff, MemorySegment.ofArray(across));
                vmcore.physical().read(0x17000, MemorySegment.ofArray(across));
                vmcore.physical().extentAt(0x14000);
              },
              reduced);

      assertThat(count).isEqualTo(3);
      try (Vmcore kept = Vmcore.open(reduced)) {
        List<PageRange> ranges = new ArrayList<>();
        kept.pages(ranges::add);
        assertThat(ranges)
            .containsExactly(
                new PageRange(0, 0x10, PageState.NOT_RAM),
                new PageRange(0x10, 1, PageState.EXCLUDED),
                new PageRange(0x11, 2, PageState.PRESENT),
                new PageRange(0x13, 4, PageState.EXCLUDED),
                new PageRange(0x17, 1, PageState.PRESENT));
        assertThat(page(kept, 0x12000)).isEqualTo(page(source, 0x12000));
        assertThat(kept.notes()).hasSameSizeAs(source.notes());
        assertThat(kept.vmcoreInfo().orElseThrow().text())
            .isEqualTo(source.vmcoreInfo().orElseThrow().text());
      }
    }
  }

  /** Where the dump is that the sample was made of, it is made again. */
  @Test
  void theCrashedSampleIsWhatItIsMadeOf() throws IOException {
    Path again = folder.resolve("again");
    CrashedSample.main(
        new String[] {RealDumps.file("x86-612-lockup/vmcore.elf").toString(), again.toString()});

    try (Vmcore shipped = Vmcore.open(CRASHED);
        Vmcore made = Vmcore.open(again)) {
      List<PageRange> ranges = new ArrayList<>();
      made.pages(ranges::add);
      List<PageRange> expected = new ArrayList<>();
      shipped.pages(expected::add);
      assertThat(ranges).isEqualTo(expected);
      for (PageRange range : ranges) {
        for (long i = 0; range.state() == PageState.PRESENT && i < range.count(); i++) {
          long address = (range.pfn() + i) * PAGE;
          assertThat(page(shipped, address)).isEqualTo(page(made, address));
        }
      }
    }
  }
}
