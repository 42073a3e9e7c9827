package org.vmcore.image;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.elf.NoteSegment;
import org.vmcore.memory.Chunk;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.OldMemory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Ascending;

/** The merged notes: they stay in old memory, and are padded with zeros to whole pages. */
final class NotesPiece extends Piece {
  private final OldMemory memory;
  private final List<NoteSegment> segments;

  /** By PT_NOTE: its image offset. */
  private final long[] starts;

  /** The image offset behind the last note. */
  private final long notesEnd;

  /**
   * The notes of {@code segments}, which follow each other without gaps; none is empty, and there
   * is at least one.
   */
  NotesPiece(OldMemory memory, List<NoteSegment> segments, long end) {
    super(segments.getFirst().offset(), end);
    this.memory = memory;
    this.segments = segments;
    this.starts = new long[segments.size()];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = segments.get(i).offset();
    }
    this.notesEnd = segments.getLast().offset() + segments.getLast().size();
  }

  @Override
  long read(long offset, MemorySegment dst, long at, long wanted) throws VmcoreException {
    long done = 0;
    while (done < wanted && offset + done < notesEnd) {
      NoteSegment segment = segmentAt(offset + done);
      long here = offset + done - segment.offset();
      long n = Math.min(wanted - done, segment.size() - here);
      long got = memory.read(segment.address() + here, dst.asSlice(at + done, n));
      done += got;
      if (got < n) {
        return done;
      }
    }
    return done + Zeros.fill(dst, at + done, wanted - done);
  }

  @Override
  Extent extentAt(long offset) throws VmcoreException {
    if (offset >= notesEnd) {
      return new Extent(notesEnd, end() - notesEnd, PageState.PRESENT);
    }
    NoteSegment segment = segmentAt(offset);
    long shift = segment.offset() - segment.address();
    return moved(memory.extentAt(offset - shift), segment.address(), segment.size(), shift);
  }

  @Override
  Optional<Finding> lossAt(long offset) throws VmcoreException {
    if (offset >= notesEnd) {
      return Optional.empty();
    }
    NoteSegment segment = segmentAt(offset);
    return memory.lossAt(offset - segment.offset() + segment.address());
  }

  private NoteSegment segmentAt(long offset) {
    return segments.get(Ascending.floor(starts, starts.length, offset));
  }

  @Override
  Chunk chunk() {
    return new Chunk.Buffer(start(), size(), OptionalLong.empty(), Chunk.Content.NOTES, 0);
  }
}
