package org.vmcore.remoteproc.kernel;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * An inline coredump by its file's offsets: the header, which the kernel has made, and behind it
 * what the remote processor's memory holds. Each piece that a reader gets, a page of it at most, is
 * looked for in the carveouts by itself; what isn't in one is 0xff, as the kernel has it.
 *
 * <p>What only the driver's code knows is lost: segments that it copies itself and, where it maps
 * addresses itself, those that are in no carveout.
 *
 * <p>Source: drivers/remoteproc/remoteproc_coredump.c, {@code rproc_coredump_read}.
 */
final class InlineCoredump implements Memory {
  private static final byte UNMAPPED = (byte) 0xff;

  private final Memory memory;
  private final RemoteProcessor rproc;
  private final long header;
  private final long headerSize;
  private final long piece;

  /** The offset of each segment, and of the end. */
  private final long[] starts;

  /**
   * The inline coredump of {@code rproc}.
   *
   * @param memory the kernel's, by virtual address
   * @param header where the header lies there
   * @param headerSize in bytes
   * @param piece the most that a reader gets at once, in bytes
   */
  InlineCoredump(Memory memory, RemoteProcessor rproc, long header, long headerSize, long piece) {
    this.memory = memory;
    this.rproc = rproc;
    this.header = header;
    this.headerSize = headerSize;
    this.piece = piece;
    this.starts = new long[rproc.segments().size() + 1];
    starts[0] = headerSize;
    for (int i = 1; i < starts.length; i++) {
      starts[i] = starts[i - 1] + rproc.segments().get(i - 1).size();
    }
  }

  /** In bytes. */
  long size() {
    return starts[starts.length - 1];
  }

  /**
   * Bytes in a row that are of one kind.
   *
   * @param va where they are in the kernel's memory, when they are there
   * @param why they are lost; empty when they are 0xff, or in memory
   */
  private record Part(long start, long end, OptionalLong va, Optional<String> why) {}

  private Part part(long offset) {
    if (offset < headerSize) {
      return new Part(0, headerSize, OptionalLong.of(header), Optional.empty());
    }
    int index = segment(offset);
    DumpSegment segment = rproc.segments().get(index);
    if (segment.isCustom()) {
      String why = describe(index) + " is copied by its driver's own function, which can't be run";
      return new Part(starts[index], starts[index + 1], OptionalLong.empty(), Optional.of(why));
    }
    long first = offset - (offset - headerSize) % piece;
    long start = Math.max(first, starts[index]);
    long end = Math.min(first + piece, starts[index + 1]);
    OptionalLong va = find(segment.da() + start - starts[index], end - start);
    boolean isUnknown = va.isEmpty() && rproc.hasOwnMapping();
    return new Part(start, end, va, isUnknown ? Optional.of(unmapped(index)) : Optional.empty());
  }

  private OptionalLong find(long da, long length) {
    for (Carveout carveout : rproc.carveouts()) {
      OptionalLong found = carveout.find(da, length);
      if (found.isPresent()) {
        return found;
      }
    }
    return OptionalLong.empty();
  }

  /** The segment that the byte at {@code offset} is of: the last that begins there or before. */
  private int segment(long offset) {
    int low = 0;
    int high = starts.length - 2;
    while (low < high) {
      int middle = (low + high + 1) / 2;
      if (starts[middle] <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private String describe(int index) {
    DumpSegment segment = rproc.segments().get(index);
    return "segment "
        + index
        + " ("
        + segment.size()
        + " bytes at offset "
        + Hex.of(starts[index])
        + ", device address "
        + Hex.of(segment.da())
        + ")";
  }

  private String unmapped(int index) {
    return describe(index)
        + " is, at least in part, in no carveout: only its driver's own function (da_to_va) tells"
        + " where";
  }

  /** A line for each segment of which something is lost. */
  List<Finding> gaps() {
    Gaps gaps = new Gaps();
    for (int i = 0; i < starts.length - 1; i++) {
      if (rproc.hasOwnMapping() || rproc.segments().get(i).isCustom()) {
        loss(i).ifPresent(gaps::lost);
      }
    }
    return gaps.told();
  }

  private Optional<String> loss(int index) {
    for (long at = starts[index]; at < starts[index + 1]; ) {
      Part part = part(at);
      if (part.why().isPresent()) {
        return part.why();
      }
      at = part.end();
    }
    return Optional.empty();
  }

  private boolean isIn(long offset) {
    return Long.compareUnsigned(offset, size()) < 0;
  }

  @Override
  public long read(long address, MemorySegment dst) throws VmcoreException {
    long done = 0;
    while (done < dst.byteSize() && isIn(address + done)) {
      Part part = part(address + done);
      long size = Math.min(part.end() - address - done, dst.byteSize() - done);
      long got = read(part, address + done, dst.asSlice(done, size));
      done += got;
      if (got < size) {
        break;
      }
    }
    return done;
  }

  private long read(Part part, long offset, MemorySegment dst) throws VmcoreException {
    if (part.why().isPresent()) {
      return 0;
    }
    if (part.va().isPresent()) {
      return memory.read(part.va().getAsLong() + offset - part.start(), dst);
    }
    dst.fill(UNMAPPED);
    return dst.byteSize();
  }

  @Override
  public Extent extentAt(long address) throws VmcoreException {
    if (!isIn(address)) {
      return size() == 0 ? Extent.nowhere(address) : new Extent(size(), -size(), PageState.NOT_RAM);
    }
    Part part = part(address);
    long length = part.end() - part.start();
    if (part.why().isPresent() || part.va().isEmpty()) {
      PageState state = part.why().isPresent() ? PageState.LOST : PageState.PRESENT;
      return new Extent(part.start(), length, state);
    }
    long shift = part.va().getAsLong() - part.start();
    Extent there = memory.extentAt(address + shift).clip(part.va().getAsLong(), length);
    return new Extent(there.start() - shift, there.size(), there.state());
  }

  @Override
  public Optional<Finding> lossAt(long address) throws VmcoreException {
    if (!isIn(address)) {
      return Optional.empty();
    }
    Part part = part(address);
    return part.why().isPresent() || part.va().isEmpty()
        ? part.why().map(Parts::error)
        : memory.lossAt(address - part.start() + part.va().getAsLong());
  }

  @Override
  public String absenceAt(long address) throws VmcoreException {
    Optional<OptionalLong> va = isIn(address) ? Optional.of(part(address).va()) : Optional.empty();
    return va.isPresent() && va.get().isPresent()
        ? memory.absenceAt(address - part(address).start() + va.get().getAsLong())
        : "the coredump ends before";
  }
}
