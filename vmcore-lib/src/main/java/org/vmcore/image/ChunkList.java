package org.vmcore.image;

import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;
import org.vmcore.memory.Chunk;

/** What the pieces of an image show of themselves, each made as it is asked for. */
final class ChunkList extends AbstractList<Chunk> implements RandomAccess {
  private final Pieces pieces;

  ChunkList(Pieces pieces) {
    this.pieces = pieces;
  }

  @Override
  public int size() {
    return pieces.count();
  }

  @Override
  public Chunk get(int index) {
    Objects.checkIndex(index, size());
    return pieces.get(index).chunk();
  }
}
