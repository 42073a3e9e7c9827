package org.vmcore.image;

import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;
import org.vmcore.memory.Chunk;
import org.vmcore.memory.Extent;
import org.vmcore.memory.PageState;
import org.vmcore.values.Bytes;

/**
 * Bytes that the image holds itself, and zeros behind them up to the end of the last page: the
 * header area, and the notes of a machine that runs.
 */
final class HeldBytes extends Piece {
  private final MemorySegment bytes;
  private final Chunk.Content content;
  private final int segment;

  /**
   * {@code bytes} at image offset {@code start}.
   *
   * @param segment the index of the exported program header, as {@link Chunk#segment} gives it
   */
  HeldBytes(long start, long end, MemorySegment bytes, Chunk.Content content, int segment) {
    super(start, end);
    this.bytes = bytes;
    this.content = content;
    this.segment = segment;
  }

  @Override
  long read(long offset, MemorySegment dst, long at, long wanted) {
    long from = offset - start();
    long held = Math.clamp(bytes.byteSize() - from, 0, wanted);
    Bytes.copy(bytes, held > 0 ? from : 0, dst, at, held);
    return held + Zeros.fill(dst, at + held, wanted - held);
  }

  @Override
  Extent extentAt(long offset) {
    return new Extent(start(), size(), PageState.PRESENT);
  }

  @Override
  Chunk chunk() {
    return new Chunk.Buffer(start(), size(), OptionalLong.empty(), content, segment);
  }
}
