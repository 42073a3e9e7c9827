package org.vmcore.segments;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Memory;

/** An image by physical and by virtual address, each made when it is first asked for. */
public final class SegmentMemories {
  private final Memory image;
  private final List<ProgramHeader> segments;
  private final VirtualAddresses known;
  private final String nothing;
  private volatile @Nullable SegmentMemory physical;
  private volatile @Nullable SegmentMemory virtual;

  /**
   * The memories of {@code image}.
   *
   * @param segments whose p_offset are offsets in it
   * @param known which p_vaddr are known
   * @param nothing what is said of an address that none of them tells of
   */
  public SegmentMemories(
      Memory image, List<ProgramHeader> segments, VirtualAddresses known, String nothing) {
    this.image = image;
    this.segments = segments;
    this.known = known;
    this.nothing = nothing;
  }

  /** By physical address, as p_paddr tells. */
  public SegmentMemory physical() {
    SegmentMemory made = physical;
    if (made == null) {
      physical = made = SegmentMemory.physical(image, segments, nothing);
    }
    return made;
  }

  /** By the kernel's virtual address, as far as p_vaddr tells. */
  public SegmentMemory virtual() {
    SegmentMemory made = virtual;
    if (made == null) {
      virtual = made = SegmentMemory.virtual(image, segments, known, nothing);
    }
    return made;
  }
}
