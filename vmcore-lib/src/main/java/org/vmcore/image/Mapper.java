package org.vmcore.image;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.io.ByteSource;
import org.vmcore.mapping.NotMappable;
import org.vmcore.mapping.Reservation;
import org.vmcore.mapping.SharedFile;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Mapping;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/** Makes mappings: over a reservation of address space where that can be had, else by copying. */
public final class Mapper {
  private final Image image;
  private final String file;
  private final long copyLimit;

  /**
   * Maps parts of {@code image}.
   *
   * @param file named in errors
   * @param copyLimit the most bytes that are copied
   */
  public Mapper(Image image, String file, long copyLimit) {
    this.image = image;
    this.file = file;
    this.copyLimit = copyLimit;
  }

  /**
   * Maps {@code size} bytes from image offset {@code offset} on.
   *
   * @throws VmcoreException when the part reaches outside of the image, more would have to be
   *     copied than the limit, or the system doesn't allow it
   */
  public Mapping map(long offset, long size) throws VmcoreException {
    if (offset < 0 || size <= 0 || size > image.size() - offset) {
      throw VmcoreException.of(
          file,
          "no range of the image to map: "
              + Hex.of(offset)
              + "+"
              + Hex.of(size)
              + ", its size is "
              + Hex.of(image.size()));
    }
    try {
      return mapping(offset, size);
    } catch (NotMappable e) {
      throw VmcoreException.of(file, "can't be mapped: " + e.reason(), e);
    }
  }

  private Mapping mapping(long offset, long size) throws VmcoreException, NotMappable {
    Optional<String> unsupported = Reservation.unsupported();
    if (unsupported.isPresent()) {
      return copy(offset, size, unsupported.get());
    }
    Arena arena = Arena.ofShared();
    try {
      Mapping mapping = share(offset, size, arena);
      arena = null;
      return mapping;
    } catch (NotMappable e) {
      if (e.isFileGone()) {
        return copy(offset, size, e.reason());
      }
      throw e;
    } finally {
      if (arena != null) {
        arena.close();
      }
    }
  }

  private Mapping share(long offset, long size, Arena arena) throws VmcoreException, NotMappable {
    MappingPlan plan = MappingPlan.of(image, offset, size, Reservation.hostPageSize());
    requireCopyable(plan.copied(), "what can't be shared with the file");
    try (Reservation reservation = Reservation.of(plan.size(), plan.parts().size())) {
      for (MappingPlan.Part part : plan.parts()) {
        switch (part) {
          case MappingPlan.Part.Shared shared -> {
            ByteSource source = shared.file().source();
            SharedFile sharedFile = new SharedFile(source.path(), source.fileKey().orElseThrow());
            reservation.mapFile(shared.at(), sharedFile, shared.file().offset(), shared.size());
          }
          case MappingPlan.Part.Copied copied -> {
            MemorySegment pages = reservation.anonymous(copied.at(), copied.size());
            fill(plan.start() + copied.at(), pages);
          }
          case MappingPlan.Part.Missing _ -> {}
        }
      }
      MemorySegment pages = reservation.finish(arena);
      MemorySegment bytes = pages.asSlice(offset - plan.start(), size);
      return Mapping.of(arena, bytes, plan.kind(), missing(offset, size), plan.whyCopied());
    }
  }

  private Mapping copy(long offset, long size, String why) throws VmcoreException, NotMappable {
    requireCopyable(size, "everything (" + why + ")");
    Arena arena = Arena.ofShared();
    boolean made = false;
    try {
      MemorySegment bytes = arena.allocate(size, Long.BYTES);
      fill(offset, bytes);
      Mapping mapping =
          Mapping.of(
              arena,
              bytes.asReadOnly(),
              Mapping.Kind.COPIED,
              missing(offset, size),
              Optional.of(why));
      made = true;
      return mapping;
    } catch (OutOfMemoryError e) {
      throw VmcoreException.of(file, "no memory to copy " + size + " bytes for a mapping", e);
    } finally {
      if (!made) {
        arena.close();
      }
    }
  }

  private void requireCopyable(long size, String what) throws VmcoreException {
    if (size > copyLimit) {
      throw VmcoreException.of(
          file,
          "can't be mapped: "
              + what
              + " would have to be copied, "
              + size
              + " bytes, more than the limit of "
              + copyLimit);
    }
  }

  /** Copies the image from {@code offset} on; what isn't present, or is behind its end, stays 0. */
  private void fill(long offset, MemorySegment pages) throws VmcoreException {
    long wanted = Math.min(pages.byteSize(), image.size() - offset);
    for (long done = 0; done < wanted; ) {
      long got = image.read(offset + done, pages.asSlice(done, wanted - done));
      done += got;
      if (done < wanted) {
        done += Extent.unread(image, offset + done).sizeFrom(offset + done);
      }
    }
  }

  /** To be asked when the pages are filled: some may have been found lost only then. */
  private List<Extent> missing(long offset, long size) throws VmcoreException, NotMappable {
    List<Extent> missing = new ArrayList<>();
    for (long at = offset; at < offset + size; ) {
      Extent extent = image.extentAt(at).clip(at, offset + size - at);
      if (!extent.isPresent()) {
        join(missing, extent);
        MappingPlan.require(missing.size());
      }
      at += extent.size();
    }
    return missing;
  }

  private static void join(List<Extent> extents, Extent next) {
    if (!extents.isEmpty()) {
      Extent last = extents.getLast();
      PageState state = last.state();
      if (last.end() == next.start() && state == next.state()) {
        extents.set(extents.size() - 1, new Extent(last.start(), last.size() + next.size(), state));
        return;
      }
    }
    extents.add(next);
  }
}
