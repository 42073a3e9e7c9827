package org.vmcore.testing;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.vmcore.memory.Extent;
import org.vmcore.memory.OldMemory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/**
 * Old memory that remembers every read. It is {@link DumpBuilder#pattern} or an array from address
 * 0 on, and behind its size not RAM.
 */
public final class CountingMemory implements OldMemory {
  /** Bytes that were read at once. */
  public record Read(long address, long size) {
    boolean touches(long from, long length) {
      return address < from + length && from < address + size;
    }
  }

  private final byte[] bytes;
  private final long size;

  /** Extents by their start; none is missing between 0 and {@link #size}. */
  private final NavigableMap<Long, PageState> states = new TreeMap<>();

  private final Queue<Read> reads = new ConcurrentLinkedQueue<>();
  private final AtomicInteger calls = new AtomicInteger();
  private boolean live;
  private long failFrom = -1;
  private long failSize;

  private CountingMemory(byte[] bytes, long size) {
    this.bytes = bytes;
    this.size = size;
    states.put(0L, PageState.PRESENT);
    states.put(size, PageState.NOT_RAM);
  }

  /** Memory that holds {@code bytes}. */
  public static CountingMemory of(byte[] bytes) {
    return new CountingMemory(bytes.clone(), bytes.length);
  }

  /** {@code size} bytes of {@link DumpBuilder#pattern}. */
  public static CountingMemory pattern(long size) {
    return new CountingMemory(new byte[0], size);
  }

  /** Gives {@code length} bytes from {@code start} on another state. */
  public CountingMemory state(PageState state, long start, long length) {
    PageState after = states.floorEntry(start + length).getValue();
    states.subMap(start, start + length).clear();
    states.put(start, state);
    states.put(start + length, after);
    return this;
  }

  /** Reads that touch {@code length} bytes from {@code start} on throw. */
  public CountingMemory failing(long start, long length) {
    failFrom = start;
    failSize = length;
    return this;
  }

  /** A running machine's memory. */
  public CountingMemory live() {
    live = true;
    return this;
  }

  /** All reads so far. */
  public List<Read> reads() {
    return List.copyOf(reads);
  }

  /** The reads so far that touched {@code length} bytes from {@code start} on. */
  public List<Read> reads(long start, long length) {
    return reads.stream().filter(read -> read.touches(start, length)).toList();
  }

  /** How often anything was asked so far, in reads that gave nothing and for states too. */
  public int calls() {
    return calls.get();
  }

  /** Forgets the reads and calls so far. */
  public void forget() {
    reads.clear();
    calls.set(0);
  }

  @Override
  public long read(long address, MemorySegment dst) throws VmcoreException {
    calls.incrementAndGet();
    long n = 0;
    while (n < dst.byteSize() && stateAt(address + n).isPresent()) {
      n += stateAt(address + n).clip(address + n, dst.byteSize() - n).size();
    }
    if (n == 0) {
      return 0;
    }
    Read read = new Read(address, n);
    reads.add(read);
    if (failSize > 0 && read.touches(failFrom, failSize)) {
      throw VmcoreException.at("counting", failFrom, "injected fault");
    }
    for (long done = 0; done < n; done++) {
      dst.set(ValueLayout.JAVA_BYTE, done, byteAt(address + done));
    }
    return n;
  }

  private byte byteAt(long address) {
    return bytes.length == 0 ? DumpBuilder.patternAt(address) : bytes[(int) address];
  }

  @Override
  public Extent extentAt(long address) {
    calls.incrementAndGet();
    return stateAt(address);
  }

  private Extent stateAt(long address) {
    if (address < 0 || address >= size) {
      return new Extent(size, -size, PageState.NOT_RAM);
    }
    long start = states.floorKey(address);
    return new Extent(start, states.higherKey(address) - start, states.get(start));
  }

  @Override
  public boolean isLive() {
    return live;
  }
}
