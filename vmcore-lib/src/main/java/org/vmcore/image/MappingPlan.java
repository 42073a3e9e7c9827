package org.vmcore.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.io.FileSlice;
import org.vmcore.mapping.NotMappable;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Mapping;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * Which pages of the host a mapping shares with a file, which it copies, and which it leaves as
 * zeros. Pages that follow each other in the same way are one part.
 */
final class MappingPlan {
  /** Pages in a row; {@code at} counts from the first page of the plan. */
  sealed interface Part {
    long at();

    long size();

    /** Shared with a file. */
    record Shared(long at, long size, FileSlice file) implements Part {}

    /** Copied from the image. */
    record Copied(long at, long size) implements Part {}

    /** Left as zeros: nothing of it is present. */
    record Missing(long at, long size) implements Part {}
  }

  /**
   * The most parts of a plan, and the most extents that a mapping lists as missing. Most systems
   * allow fewer mappings.
   */
  static final int MOST = 1 << 20;

  private final Image image;
  private final long start;
  private final long end;
  private final long page;
  private final List<Part> parts = new ArrayList<>();
  private long copied;
  private long copiedOldMem;
  private long sharedBytes;
  private Optional<String> whyCopied = Optional.empty();

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
   * @throws NotMappable when it would have more than {@link #MOST} parts
   */
  static MappingPlan of(Image image, long offset, long size, long page)
      throws VmcoreException, NotMappable {
    long start = offset & -page;
    MappingPlan plan = new MappingPlan(image, start, offset + size + page - 1 & -page, page);
    for (long at = start; at < plan.end; ) {
      at += plan.next(at);
      require(plan.parts.size());
    }
    return plan;
  }

  /** Refuses more than {@link #MOST} pieces: a list of any length fills the memory there is. */
  static void require(int pieces) throws NotMappable {
    if (pieces > MOST) {
      throw new NotMappable(
          "it would have more than "
              + MOST
              + " pieces, shared, copied or missing: map a smaller range, or read it");
    }
  }

  /** The image offset of the first page. */
  long start() {
    return start;
  }

  /** In bytes, whole pages of the host. */
  long size() {
    return end - start;
  }

  List<Part> parts() {
    return parts;
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

  /** Why the first page of old memory that is copied can't be shared. */
  Optional<String> whyCopied() {
    return whyCopied;
  }

  private long next(long at) throws VmcoreException {
    if (at >= image.size()) {
      return missing(at, end - at);
    }
    Piece piece = image.pieces().at(at);
    Optional<FileSlice> file = piece.backing(at, end - at);
    if (file.isPresent() && file.get().source().isFoundCut()) {
      file = piece.backing(at, end - at);
    }
    if (file.isPresent() && isShareable(file.get(), at)) {
      return shared(at, file.get());
    }
    Extent extent = piece.extentAt(at);
    long same = extent.sizeFrom(at);
    if (!extent.isPresent() && same >= page) {
      return missing(at, Math.min(same, end - at) & -page);
    }
    if (whyCopied.isEmpty() && piece instanceof WholePages) {
      whyCopied = Optional.of("image offset " + Hex.of(at) + ": " + whyNotShareable(file, at));
    }
    return copied(piece, at, Math.min(Math.max(same & -page, page), end - at));
  }

  private String whyNotShareable(Optional<FileSlice> found, long at) {
    if (found.isEmpty()) {
      return "the page doesn't lie in a file as it is";
    }
    FileSlice file = found.get();
    if ((file.offset() & page - 1) != (at & page - 1)) {
      return "it lies at file offset "
          + Hex.of(file.offset())
          + ", not aligned to this system's pages of "
          + Hex.of(page)
          + " bytes";
    }
    return file.size() < page
        ? "only " + Hex.of(file.size()) + " bytes lie in the file in a row"
        : "the file can't be mapped";
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
    if (!parts.isEmpty()
        && parts.getLast() instanceof Part.Shared(long before, long length, FileSlice other)
        && other.source().equals(file.source())
        && other.offset() + length == file.offset()) {
      FileSlice joined = new FileSlice(other.source(), other.offset(), length + size);
      parts.set(parts.size() - 1, new Part.Shared(before, length + size, joined));
    } else {
      parts.add(
          new Part.Shared(at - start, size, new FileSlice(file.source(), file.offset(), size)));
    }
    return size;
  }

  private long copied(Piece piece, long at, long size) {
    copied += size;
    copiedOldMem += piece instanceof WholePages ? size : 0;
    if (!parts.isEmpty() && parts.getLast() instanceof Part.Copied(long before, long length)) {
      parts.set(parts.size() - 1, new Part.Copied(before, length + size));
    } else {
      parts.add(new Part.Copied(at - start, size));
    }
    return size;
  }

  private long missing(long at, long size) {
    if (!parts.isEmpty() && parts.getLast() instanceof Part.Missing(long before, long length)) {
      parts.set(parts.size() - 1, new Part.Missing(before, length + size));
    } else {
      parts.add(new Part.Missing(at - start, size));
    }
    return size;
  }
}
