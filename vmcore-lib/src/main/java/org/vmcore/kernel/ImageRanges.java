package org.vmcore.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.arch.Architecture;
import org.vmcore.arch.Architectures;
import org.vmcore.arch.Machine;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.AddressRange;

/** The virtual addresses where a kernel's image may be. */
final class ImageRanges {
  private static final long IMAGE_ALIGNMENT = 2L << 20;
  private static final long MAX_IMAGE = 256L << 20;

  /** In more bytes than this the image isn't searched for. */
  private static final long MAX_SEARCHED = 2L << 30;

  private final List<AddressRange> ranges = new ArrayList<>();
  private long left = MAX_SEARCHED;

  private ImageRanges() {}

  /** The range behind {@code _stext}, where that is known; else all that there may be. */
  static List<AddressRange> of(Vmcore vmcore, OptionalLong stext) {
    ImageRanges image = new ImageRanges();
    if (stext.isPresent()) {
      image.add(stext.getAsLong() & -IMAGE_ALIGNMENT, MAX_IMAGE);
      return image.ranges;
    }
    Optional<AddressRange> space =
        Architectures.of(Machine.of(vmcore.header())).flatMap(Architecture::imageSpace);
    if (space.isPresent()) {
      image.add(space.get().start(), space.get().size());
    }
    vmcore.segments().stream()
        .filter(segment -> segment.isLoad() && vmcore.isVirtualKnown(segment))
        .sorted((a, b) -> Long.compareUnsigned(a.memsz(), b.memsz()))
        .forEach(image::add);
    return image.ranges;
  }

  /**
   * The image's own PT_LOAD is smaller than those of the direct map, which isn't searched whole.
   */
  private void add(ProgramHeader segment) {
    boolean isAll = Long.compareUnsigned(segment.memsz(), left) <= 0;
    add(segment.vaddr(), isAll ? segment.memsz() : left);
  }

  /** Of what would pass 2^64 only that in front of it. */
  private void add(long start, long size) {
    if (size > 0) {
      long end = start + size;
      ranges.add(new AddressRange(start, Long.compareUnsigned(end, start) > 0 ? end : 0));
      left -= size;
    }
  }
}
