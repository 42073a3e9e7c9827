package org.vmcore.remoteproc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Bytes;

/**
 * Segments as they were when the processor crashed. Each was read in one piece, so that one that is
 * mapped in part is all 0xff; one without a mapping takes no memory.
 */
final class CopiedSegments implements CoreImage.SegmentBytes, AutoCloseable {
  private final Arena arena;
  private final Copy[] copies;

  /**
   * A segment's bytes up to the first that couldn't be had, and why that couldn't.
   *
   * @param bytes null for 0xff without end
   */
  private record Copy(@Nullable MemorySegment bytes, @Nullable VmcoreException failure) {}

  private CopiedSegments(Arena arena, Copy[] copies) {
    this.arena = arena;
    this.copies = copies;
  }

  /**
   * Copies all segments.
   *
   * @throws OutOfMemoryError when they don't fit into memory; nothing is held then
   */
  static CopiedSegments of(CoreLayout layout, LiveSegments live) {
    Arena arena = Arena.ofShared();
    boolean whole = false;
    try {
      Copy[] copies = new Copy[layout.segments().size()];
      for (int i = 0; i < copies.length; i++) {
        copies[i] = copy(i, layout.segments().get(i).size(), live, arena);
      }
      whole = true;
      return new CopiedSegments(arena, copies);
    } finally {
      if (!whole) {
        arena.close();
      }
    }
  }

  private static Copy copy(int index, long size, LiveSegments live, Arena arena) {
    if (size == 0) {
      return new Copy(MemorySegment.NULL, null);
    }
    if (live.isUnmapped(index, 0, size)) {
      return new Copy(null, null);
    }
    MemorySegment bytes = arena.allocate(size);
    long done = 0;
    while (done < size) {
      try {
        done += live.read(index, done, bytes.asSlice(done));
      } catch (VmcoreException e) {
        return new Copy(bytes.asSlice(0, done), e);
      }
    }
    return new Copy(bytes, null);
  }

  @Override
  public long read(int index, long offset, MemorySegment dst) throws VmcoreException {
    Copy copy = copies[index];
    if (copy.bytes() == null) {
      dst.fill(LiveSegments.UNMAPPED);
      return dst.byteSize();
    }
    long left = copy.bytes().byteSize() - offset;
    if (left <= 0 && copy.failure() != null) {
      throw copy.failure();
    }
    long count = Math.min(dst.byteSize(), left);
    Bytes.copy(copy.bytes(), offset, dst, 0, count);
    return count;
  }

  @Override
  public void close() {
    arena.close();
  }
}
