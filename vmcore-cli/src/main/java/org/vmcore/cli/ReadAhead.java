package org.vmcore.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.vmcore.io.VmcoreException;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;

/**
 * Reads a range of memory block by block in a thread of its own, so that one block is read while
 * the one before it is written: only so is a copy as fast as {@code cp}.
 */
final class ReadAhead implements AutoCloseable {
  private static final int SIZE = 1 << 20;
  private static final int PAGE = 4096;

  private final Arena arena = Arena.ofShared();
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final Memory memory;
  private final long end;
  private MemorySegment idle = arena.allocate(SIZE, PAGE);
  private MemorySegment busy = arena.allocate(SIZE, PAGE);
  private long next;
  private Future<Block> pending;

  /** Starts to read {@code size} bytes from {@code start} on, which don't reach past 2^64. */
  ReadAhead(Memory memory, long start, long size) {
    this.memory = memory;
    this.next = start;
    this.end = start + size;
    this.pending = submit();
  }

  /**
   * Bytes in a row.
   *
   * @param bytes what was read, valid until the next block is asked for; empty when it is missing
   * @param size how many bytes
   * @param state {@link PageState#PRESENT}, or why they are missing
   */
  record Block(MemorySegment bytes, long size, PageState state) {}

  private Future<Block> submit() {
    MemorySegment buffer = idle;
    long from = next;
    idle = busy;
    busy = buffer;
    return thread.submit(() -> read(from, buffer));
  }

  private Block read(long from, MemorySegment buffer) throws VmcoreException {
    long wanted = Math.min(SIZE, end - from);
    long got = 0;
    while (got < wanted) {
      // A read would show as zeros what isn't RAM: the extents tell it apart, in any memory.
      Extent extent = memory.extentAt(from + got).clip(from + got, end - from - got);
      if (extent.state() != PageState.PRESENT) {
        if (got == 0) {
          return new Block(MemorySegment.NULL, extent.size(), extent.state());
        }
        break;
      }
      got += readSome(from + got, buffer.asSlice(got, Math.min(wanted - got, extent.size())));
    }
    return new Block(buffer.asSlice(0, got), got, PageState.PRESENT);
  }

  private long readSome(long from, MemorySegment dst) throws VmcoreException {
    long got = memory.read(from, dst);
    if (got == 0) {
      throw new IllegalStateException("present, but unreadable: 0x" + Long.toHexString(from));
    }
    return got;
  }

  /** The next bytes; a size of 0 is the end. */
  Block next() throws VmcoreException {
    Block block = done(pending);
    next += block.size();
    if (block.size() > 0) {
      pending = submit();
    }
    return block;
  }

  private static Block done(Future<Block> future) throws VmcoreException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case VmcoreException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    thread.close();
    arena.close();
  }
}
