package org.vmcore.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.elf.Note;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageRange;
import org.vmcore.memory.PageState;

/** Compares two dumps page by page. */
final class SameMemory {
  private static final int MOST = 1 << 20;

  private SameMemory() {}

  /** The states of all page frames, the bytes of those that are there, and the notes are equal. */
  static void assertSame(Vmcore written, Vmcore source) throws IOException {
    assertThat(written.pageSize()).isEqualTo(source.pageSize());
    assertThat(written.architecture()).isEqualTo(source.architecture());
    assertThat(written.header().order()).isEqualTo(source.header().order());
    assertSamePages(written, source);
    assertThat(notes(written)).isEqualTo(notes(source));
    assertThat(written.vmcoreInfo().map(Object::toString))
        .isEqualTo(source.vmcoreInfo().map(Object::toString));
  }

  static void assertSamePages(Vmcore written, Vmcore source) throws IOException {
    for (PageRange range : pages(source)) {
      for (long pfn = range.pfn(); pfn < range.pfn() + range.count(); pfn++) {
        if (range.state() == PageState.PRESENT) {
          assertThat(page(written, pfn)).as("page %s", pfn).isEqualTo(page(source, pfn));
        }
      }
    }
    assertThat(pages(written)).isEqualTo(pages(source));
  }

  /** The notes, those of what was erased last: kdump-compressed files have them in two places. */
  private static List<String> notes(Vmcore vmcore) throws IOException {
    List<String> notes = new ArrayList<>();
    for (Note note : vmcore.notes()) {
      int at = note.name().equals("ERASEINFO") ? notes.size() : firstErased(notes);
      String bytes = HexFormat.of().formatHex(note.descriptor(MOST));
      notes.add(at, note.name() + " " + note.type() + " " + bytes);
    }
    return notes;
  }

  private static int firstErased(List<String> notes) {
    int at = 0;
    while (at < notes.size() && !notes.get(at).startsWith("ERASEINFO")) {
      at++;
    }
    return at;
  }

  static List<PageRange> pages(Vmcore vmcore) throws IOException {
    List<PageRange> ranges = new ArrayList<>();
    vmcore.pages(ranges::add);
    return ranges;
  }

  /** A page frame, zeros where a part of it isn't RAM. */
  static byte[] page(Vmcore vmcore, long pfn) throws IOException {
    Memory memory = vmcore.physical();
    byte[] bytes = new byte[(int) vmcore.pageSize()];
    long start = pfn * bytes.length;
    long done = 0;
    while (done < bytes.length) {
      done += memory.read(start + done, MemorySegment.ofArray(bytes).asSlice(done));
      if (done < bytes.length) {
        Extent gap = memory.extentAt(start + done).clip(start, bytes.length);
        assertThat(gap.state()).as("page %s", pfn).isEqualTo(PageState.NOT_RAM);
        Arrays.fill(bytes, (int) done, (int) (gap.end() - start), (byte) 0);
        done = gap.end() - start;
      }
    }
    return bytes;
  }
}
