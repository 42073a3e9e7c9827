package org.vmcore.mapping;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.vmcore.host.Host;
import org.vmcore.host.SystemCalls;

/**
 * A contiguous range of address space while pieces of files are mapped, and bytes copied, into it;
 * what is left out reads as zeros and costs no memory.
 *
 * <pre>{@code
 * try (Reservation image = Reservation.of(size, mappings)) {
 *   image.mapFile(at, file, offset, size);
 *   source.read(image.anonymous(at, size));
 *   return image.finish(arena);
 * }
 * }</pre>
 *
 * <p>{@link #close} without {@link #finish} unmaps everything. Positions and sizes are bytes, whole
 * pages of the host ({@link #pageSize}). Pieces must not overlap. Not thread-safe; distinct
 * anonymous pieces may be filled by several threads.
 */
public final class Reservation implements AutoCloseable {
  private record Piece(long at, long size) {}

  private final SystemCalls calls;
  private final SharedFiles files;
  private final long pageSize;
  private final long size;
  private final long reserved;
  private final long base;
  private final Arena filling = Arena.ofShared();
  private final List<Piece> anonymous = new ArrayList<>();
  private boolean finished;
  private boolean closed;

  private Reservation(SystemCalls calls, long pageSize, long size, long base) {
    this.calls = calls;
    this.files = new SharedFiles(calls);
    this.pageSize = pageSize;
    this.size = size;
    this.reserved = roundUp(size, pageSize);
    this.base = base;
  }

  /** Why no reservation can be made in this JVM on this host; asking starts no native linker. */
  public static Optional<String> unsupported() {
    return Host.unsupported();
  }

  /**
   * Bytes in a page of this host.
   *
   * @throws NotMappable if this JVM or host allows no reservation
   */
  public static long hostPageSize() throws NotMappable {
    return calls().pageSize();
  }

  /**
   * Reserves {@code size} bytes, which read as zeros.
   *
   * @param mappings how many pieces there will be, gaps between them included: refused by name if
   *     the system allows fewer
   * @throws NotMappable if this JVM, the host or its limits do not allow it
   */
  public static Reservation of(long size, long mappings) throws NotMappable {
    return of(calls(), size, mappings);
  }

  private static SystemCalls calls() throws NotMappable {
    try {
      return Host.calls();
    } catch (UnsupportedOperationException e) {
      throw new NotMappable(String.valueOf(e.getMessage()));
    }
  }

  public static Reservation of(SystemCalls calls, long size, long mappings) throws NotMappable {
    long pageSize = calls.pageSize();
    if (size <= 0 || size > Long.MAX_VALUE - pageSize) {
      throw new IllegalArgumentException("reservation of " + size + " bytes");
    }
    MappingCount.require(mappings);
    // Read-only, for only writable memory counts where overcommitting is forbidden.
    int flags = SystemCalls.MAP_PRIVATE | SystemCalls.MAP_ANONYMOUS | SystemCalls.MAP_NORESERVE;
    long base = calls.mmap(0, roundUp(size, pageSize), SystemCalls.PROT_READ, flags, -1, 0);
    if (base < 0) {
      throw NotMappable.call(size + " bytes of address space cannot be reserved", base);
    }
    return new Reservation(calls, pageSize, size, base);
  }

  private static long roundUp(long size, long unit) {
    return (size + unit - 1) & -unit;
  }

  /** Bytes in a page of this host: what positions and sizes must be multiples of. */
  long pageSize() {
    return pageSize;
  }

  /**
   * Shows {@code size} bytes of {@code file}, from byte {@code offset} of it, at {@code at}; what
   * the file's last page lacks reads as zeros.
   *
   * @throws NotMappable if the file was replaced, ends before the piece does, or cannot be mapped
   */
  public void mapFile(long at, SharedFile file, long offset, long size) throws NotMappable {
    requirePiece(at, size);
    requirePages(offset);
    SharedFiles.Opened opened = files.get(file);
    // A page beyond the end would be a SIGBUS for whoever reads it.
    if (size > roundUp(opened.size(), pageSize) - offset) {
      throw NotMappable.fileGone(file.path() + " ends at byte " + opened.size() + " by now");
    }
    int flags = SystemCalls.MAP_SHARED | SystemCalls.MAP_FIXED;
    long result = calls.mmap(base + at, size, SystemCalls.PROT_READ, flags, opened.fd(), offset);
    if (result < 0) {
      throw NotMappable.call(file.path() + " cannot be mapped", result);
    }
  }

  /**
   * Memory at {@code at} to be filled before {@link #finish}, which ends its life; zeros so far.
   *
   * @throws NotMappable if the host has no memory for it
   */
  public MemorySegment anonymous(long at, long size) throws NotMappable {
    requirePiece(at, size);
    long result = calls.mprotect(base + at, size, SystemCalls.PROT_READ | SystemCalls.PROT_WRITE);
    if (result < 0) {
      throw NotMappable.call(size + " bytes of memory cannot be had", result);
    }
    anonymous.add(new Piece(at, size));
    return segment(base + at, size, filling, _ -> {});
  }

  private void requirePiece(long at, long size) {
    if (finished || closed) {
      throw new IllegalStateException("the reservation is finished");
    }
    // MAP_FIXED outside of the reservation would overwrite the JVM's own memory.
    Objects.checkFromIndexSize(at, size, reserved);
    requirePages(at);
    requirePages(size);
  }

  private void requirePages(long value) {
    if (value < 0 || value % pageSize != 0) {
      throw new IllegalArgumentException(value + " is not a multiple of " + pageSize);
    }
  }

  /**
   * The whole range, read-only; closing {@code arena} unmaps it, once. A shared arena may be closed
   * while other threads read: they get an {@link IllegalStateException}.
   *
   * @throws NotMappable if the copied pieces cannot be write-protected
   */
  public MemorySegment finish(Arena arena) throws NotMappable {
    if (finished || closed) {
      throw new IllegalStateException("the reservation is finished");
    }
    endFilling();
    for (Piece piece : anonymous) {
      long result = calls.mprotect(base + piece.at(), piece.size(), SystemCalls.PROT_READ);
      if (result < 0) {
        throw NotMappable.call("copied bytes cannot be write-protected", result);
      }
    }
    MemorySegment image = segment(base, size, arena, _ -> unmap());
    finished = true;
    return image.asReadOnly();
  }

  @SuppressWarnings("restricted") // Host has asked whether the module may
  private static MemorySegment segment(
      long address, long size, Arena arena, Consumer<MemorySegment> cleanup) {
    return MemorySegment.ofAddress(address).reinterpret(size, arena, cleanup);
  }

  private void endFilling() {
    if (filling.scope().isAlive()) {
      filling.close();
    }
  }

  private void unmap() {
    // Where the kernel merged the range with a neighbour, unmapping it takes one more mapping:
    // refused at the limit, until another thread gives one back.
    if (calls.munmap(base, reserved) < 0) {
      calls.munmap(base, reserved);
    }
  }

  /** Closes the files; unmaps everything unless {@link #finish} handed it out. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    endFilling();
    closed = true;
    files.close();
    if (!finished) {
      unmap();
    }
  }
}
