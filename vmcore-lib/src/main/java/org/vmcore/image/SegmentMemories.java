package org.vmcore.image;

import org.jspecify.annotations.Nullable;

/** An image by physical and by virtual address, each made when it is first asked for. */
final class SegmentMemories {
  private final Image image;
  private volatile @Nullable SegmentMemory physical;
  private volatile @Nullable SegmentMemory virtual;

  SegmentMemories(Image image) {
    this.image = image;
  }

  SegmentMemory physical() {
    SegmentMemory known = physical;
    if (known == null) {
      physical = known = SegmentMemory.physical(image);
    }
    return known;
  }

  SegmentMemory virtual() {
    SegmentMemory known = virtual;
    if (known == null) {
      virtual = known = SegmentMemory.virtual(image);
    }
    return known;
  }
}
