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
import org.vmcore.scan.VisitedRanges;

/**
 * The virtual addresses where a kernel's image may be, none of them twice. The image's own PT_LOAD
 * is smaller than those of the direct map, and comes before them.
 */
final class ImageRanges {
  private static final long IMAGE_ALIGNMENT = 2L << 20;
  private static final long MAX_IMAGE = 256L << 20;

  private final List<AddressRange> ranges = new ArrayList<>();
  private final VisitedRanges visited = new VisitedRanges();

  private ImageRanges() {}

  /** The range behind {@code _stext}, where that is known; else all that there may be. */
  static List<AddressRange> of(Vmcore vmcore, OptionalLong stext) {
    ImageRanges image = new ImageRanges();
    if (stext.isPresent()) {
      image.add(stext.getAsLong() & -IMAGE_ALIGNMENT, MAX_IMAGE);
      return image.ranges;
    }
    Optional<AddressRange> space =
        Machine.named(vmcore.architecture())
            .flatMap(Architectures::of)
            .flatMap(Architecture::imageSpace);
    if (space.isPresent()) {
      image.add(space.get().start(), space.get().size());
    }
    List<ProgramHeader> loads = new ArrayList<>();
    for (ProgramHeader each : vmcore.segments()) {
      if (each.isLoad() && vmcore.isVirtualKnown(each)) {
        loads.add(each);
      }
    }
    loads.sort((a, b) -> Long.compareUnsigned(a.memsz(), b.memsz()));
    loads.forEach(image::add);
    return image.ranges;
  }

  private void add(ProgramHeader segment) {
    add(segment.vaddr(), segment.memsz());
  }

  /** What isn't there yet; of what would pass 2^64 only that in front of it. */
  private void add(long start, long size) {
    if (size != 0) {
      long end = start + size;
      ranges.addAll(
          visited.visit(new AddressRange(start, Long.compareUnsigned(end, start) > 0 ? end : 0)));
    }
  }
}
