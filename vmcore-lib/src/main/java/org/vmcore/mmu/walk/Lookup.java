package org.vmcore.mmu.walk;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.paging.EntryKind;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Unsigned;

/** What one walk through page tables tells of a virtual address and of the bytes around it. */
public final class Lookup {
  private static final String CHECK = "page_tables";

  private final Memory physical;
  private final Extent half;
  private final boolean isReached;
  private final Walk walk;
  private final long address;

  /**
   * @param half of the addresses, with which the tables' reach, or the hole in it, ends
   * @param isReached whether the tables resolve the address
   * @param walk that to the address, at its end where they do
   */
  public Lookup(Memory physical, Extent half, boolean isReached, Walk walk, long address) {
    this.physical = physical;
    this.half = half;
    this.isReached = isReached;
    this.walk = walk;
    this.address = address;
  }

  /** Whether the tables lead to a page. */
  public boolean isMapped() {
    return isReached && walk.kind() == EntryKind.PAGE;
  }

  /** The physical address; it must be mapped. */
  public long physical() {
    return walk.physical();
  }

  /** How many of {@code size} bytes lie in a row in physical memory; it must be mapped. */
  public long inARow(long size) {
    return Math.min(Math.min(walk.inARow(size), half.sizeFrom(address)), size);
  }

  /** Reads bytes that lie in a row; the address must be mapped. */
  public long read(MemorySegment dst) throws VmcoreException {
    return physical.read(walk.physical(), dst);
  }

  /** The bytes around the address that share its state. */
  public Extent extent() throws VmcoreException {
    if (!isReached) {
      return half;
    }
    Extent span = walk.span();
    return isMapped()
        ? mapped(span.clip(half.start(), half.size()))
        : new Extent(span.start(), span.size(), unmapped()).clip(half.start(), half.size());
  }

  /** The part of {@code span} that shares the state of the physical byte. */
  private Extent mapped(Extent span) throws VmcoreException {
    long shift = address - walk.physical();
    Extent extent = physical.extentAt(walk.physical()).clip(span.start() - shift, span.size());
    return new Extent(extent.start() + shift, extent.size(), extent.state());
  }

  /** How many bytes from the address on, at most {@code most}, hold nothing. */
  public long blank(long most) throws VmcoreException {
    Extent extent = extent();
    long left = extent.sizeFrom(address);
    long wanted = Unsigned.min(left, most);
    return switch (extent.state()) {
      case LOST -> 0;
      case EXCLUDED, NOT_RAM -> wanted;
      case PRESENT -> physical.blank(walk.physical(), wanted);
    };
  }

  /** The state of the byte at the address. */
  public PageState state() throws VmcoreException {
    if (isMapped()) {
      return physical.extentAt(walk.physical()).state();
    }
    return isReached ? unmapped() : half.state();
  }

  /** The state of what a walk that led to no page doesn't reach. */
  private PageState unmapped() throws VmcoreException {
    return switch (walk.kind()) {
      case NOT_MAPPED -> PageState.NOT_RAM;
      case MISSING -> tableState() == PageState.EXCLUDED ? PageState.EXCLUDED : PageState.LOST;
      case RESERVED, TABLE, PAGE -> PageState.LOST;
    };
  }

  /** Why there is no page, in one line. */
  public String reason() throws VmcoreException {
    return walk.reason(tableState());
  }

  private PageState tableState() throws VmcoreException {
    return physical.extentAt(walk.entryAddress()).state();
  }

  /** Why the byte is lost, when it is. */
  public Optional<Finding> loss() throws VmcoreException {
    if (isMapped()) {
      return physical.lossAt(walk.physical());
    }
    if (!isReached || unmapped() != PageState.LOST) {
      return Optional.empty();
    }
    Optional<Finding> ofTable =
        walk.kind() == EntryKind.MISSING ? physical.lossAt(walk.entryAddress()) : Optional.empty();
    return ofTable.isPresent()
        ? ofTable
        : Optional.of(new Finding(CHECK, Finding.Severity.ERROR, OptionalLong.empty(), reason()));
  }
}
