package org.vmcore.verify;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.image.Image;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;
import org.vmcore.values.Printable;

/**
 * Segments of a device's memory that hold 0xff alone: the kernel writes that in place of memory to
 * which it has no mapping, and nothing in the file tells ({@code rproc_copy_segment} of {@code
 * drivers/remoteproc/remoteproc_coredump.c}).
 */
final class UnmappedSegments {
  private static final String CHECK = "unmapped";

  /** How many are told one by one. */
  private static final int MAX_REPORTED = 16;

  private static final int PIECE = 4096;
  private static final byte UNMAPPED = (byte) 0xff;

  private UnmappedSegments() {}

  /** What is to be told of {@code image}. */
  static List<Finding> check(Image image) throws VmcoreException {
    List<Finding> findings = new ArrayList<>();
    MemorySegment expected = MemorySegment.ofArray(new byte[PIECE]).fill(UNMAPPED);
    MemorySegment piece = MemorySegment.ofArray(new byte[PIECE]);
    int count = 0;
    for (int i = 0; i < image.segments().size(); i++) {
      ProgramHeader segment = image.segments().get(i);
      if (segment.isLoad() && isUnmapped(image, segment, piece, expected)) {
        count++;
        if (count <= MAX_REPORTED) {
          findings.add(Finding.info(CHECK, told(image, i)));
        }
      }
    }
    if (count > MAX_REPORTED) {
      findings.add(Finding.info(CHECK, (count - MAX_REPORTED) + " more segments are 0xff alone"));
    }
    return findings;
  }

  private static String told(Image image, int index) {
    String name =
        image.segmentName(index).map(each -> " (" + Printable.text(each) + ")").orElse("");
    return "segment "
        + index
        + name
        + " at "
        + Hex.of(image.segments().get(index).paddr())
        + " is 0xff alone, as the kernel writes where the device's memory has no mapping";
  }

  private static boolean isUnmapped(
      Image image, ProgramHeader segment, MemorySegment piece, MemorySegment expected)
      throws VmcoreException {
    long done = 0;
    while (done < segment.memsz()) {
      long size = Math.min(PIECE, segment.memsz() - done);
      long got = image.read(segment.offset() + done, piece.asSlice(0, size));
      boolean isFilled = piece.asSlice(0, got).mismatch(expected.asSlice(0, got)) < 0;
      if (got == 0 || !isFilled) {
        return false;
      }
      done += got;
    }
    return done > 0;
  }
}
