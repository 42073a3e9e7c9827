package org.vmcore.image;

import java.util.AbstractList;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.RandomAccess;
import org.vmcore.memory.Chunk;

/** The chunks of a layout, each made as it is asked for: header, device dumps, notes, PT_LOADs. */
final class ChunkList extends AbstractList<Chunk> implements RandomAccess {
  private final Layout layout;
  private final int front;

  ChunkList(Layout layout) {
    this.layout = layout;
    this.front = 1 + layout.devices().count() + (layout.notes().size() > 0 ? 1 : 0);
  }

  @Override
  public int size() {
    return front + layout.chunkCount();
  }

  @Override
  public Chunk get(int index) {
    Objects.checkIndex(index, size());
    if (index == 0) {
      return made(0, layout.headerEnd(), Chunk.Content.HEADER, -1);
    }
    if (index <= layout.devices().count()) {
      return layout.devices().chunk(index - 1);
    }
    if (index < front) {
      return made(layout.notesOffset(), layout.notesEnd(), Chunk.Content.NOTES, 0);
    }
    int load = layout.loadOfChunk(index - front);
    return chunk(load, index - front - layout.firstChunk(load));
  }

  private static Chunk made(long from, long to, Chunk.Content content, int segment) {
    return new Chunk.Buffer(from, to - from, OptionalLong.empty(), content, segment);
  }

  private Chunk chunk(int load, int number) {
    long head = layout.headEnd(load);
    long tail = layout.tailStart(load);
    int place = head > 0 ? number : number + 1;
    if (place == 0) {
      return buffer(load, 0, head);
    }
    return place == 1 && tail > head
        ? new Chunk.OldMem(
            layout.pages(load) + head,
            tail - head,
            OptionalLong.of(layout.base(load) + head),
            layout.segment(load))
        : buffer(load, tail, layout.span(load));
  }

  private Chunk buffer(int load, long from, long to) {
    return new Chunk.Buffer(
        layout.pages(load) + from,
        to - from,
        OptionalLong.of(layout.base(load) + from),
        Chunk.Content.LOAD,
        layout.segment(load));
  }
}
