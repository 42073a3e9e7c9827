package org.vmcore.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.io.FileSlice;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Mapping;
import org.vmcore.memory.VmcoreException;

/**
 * Which pages of the host a mapping shares with a file, which it copies, and which it leaves as
 * zeros. Pages that follow each other in the same way are one piece.
 */
final class MappingPlan {
  /** Pages in a row; {@code at} counts from the first page of the plan. */
  sealed interface Piece {
    long at();

    long size();

    /** Shared with a file. */
    record Shared(long at, long size, FileSlice file) implements Piece {}

    /** Copied from the image. */
    record Copied(long at, long size) implements Piece {}

    /** Left as zeros: nothing of it is present. */
    record Missing(long at, long size) implements Piece {}
  }

  private final Image image;
  private final long start;
  private final long end;
  private final long page;
  private final List<Piece> pieces = new ArrayList<>();
  private long copied;
  private long copiedOldMem;
  private long sharedBytes;

  private MappingPlan(Image image, long start, long end, long page) {
    this.image = image;
    this.start = start;
    this.end = end;
    this.page = page;
  }

  /**
   * Plans the pages around {@code size} bytes from image offset {@code offset} on.
   *
   * @param page the host's page size in bytes
   */
  static MappingPlan of(Image image, long offset, long size, long page) throws VmcoreException {
    long start = offset & -page;
    MappingPlan plan = new MappingPlan(image, start, offset + size + page - 1 & -page, page);
    for (long at = start; at < plan.end; ) {
      at += plan.next(at);
    }
    return plan;
  }

  /** The image offset of the first page. */
  long start() {
    return start;
  }

  /** In bytes, whole pages of the host. */
  long size() {
    return end - start;
  }

  List<Piece> pieces() {
    return pieces;
  }

  /** The bytes that are copied. */
  long copied() {
    return copied;
  }

  /** What a mapping made by this plan is. */
  Mapping.Kind kind() {
    if (copiedOldMem == 0) {
      return Mapping.Kind.ZERO_COPY;
    }
    return sharedBytes == 0 ? Mapping.Kind.COPIED : Mapping.Kind.PARTLY_COPIED;
  }

  private long next(long at) throws VmcoreException {
    if (at >= image.size()) {
      return missing(at, end - at);
    }
    Optional<FileSlice> file = image.backing(at, end - at);
    if (file.isPresent() && isShareable(file.get(), at)) {
      return shared(at, file.get());
    }
    Extent extent = image.extentAt(at);
    long same = Math.min(extent.sizeFrom(at), image.chunkEnd(at) - at);
    if (!extent.isPresent() && same >= page) {
      return missing(at, Math.min(same, end - at) & -page);
    }
    return copied(at, Math.min(Math.max(same & -page, page), end - at));
  }

  private boolean isShareable(FileSlice file, long at) {
    return file.size() >= page
        && (file.offset() & page - 1) == (at & page - 1)
        && file.source().mapped().isPresent()
        && file.source().fileKey().isPresent();
  }

  private long shared(long at, FileSlice file) {
    long size = file.size() & -page;
    sharedBytes += size;
    if (!pieces.isEmpty()
        && pieces.getLast() instanceof Piece.Shared(long before, long length, FileSlice other)
        && other.source().equals(file.source())
        && other.offset() + length == file.offset()) {
      FileSlice joined = new FileSlice(other.source(), other.offset(), length + size);
      pieces.set(pieces.size() - 1, new Piece.Shared(before, length + size, joined));
    } else {
      pieces.add(
          new Piece.Shared(at - start, size, new FileSlice(file.source(), file.offset(), size)));
    }
    return size;
  }

  private long copied(long at, long size) {
    copied += size;
    copiedOldMem += image.isBuffer(at) ? 0 : size;
    if (!pieces.isEmpty() && pieces.getLast() instanceof Piece.Copied(long before, long length)) {
      pieces.set(pieces.size() - 1, new Piece.Copied(before, length + size));
    } else {
      pieces.add(new Piece.Copied(at - start, size));
    }
    return size;
  }

  private long missing(long at, long size) {
    if (!pieces.isEmpty() && pieces.getLast() instanceof Piece.Missing(long before, long length)) {
      pieces.set(pieces.size() - 1, new Piece.Missing(before, length + size));
    } else {
      pieces.add(new Piece.Missing(at - start, size));
    }
    return size;
  }
}
