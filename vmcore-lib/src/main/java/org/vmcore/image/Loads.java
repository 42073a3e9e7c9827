package org.vmcore.image;

import java.lang.foreign.Arena;
import org.vmcore.dump.Dump;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.OldMemory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.Padding;
import org.vmcore.values.Ascending;

/**
 * The PT_LOADs of an image: for each a fractional page, whole pages and a fractional page, as far
 * as it has them (process_ptload_program_headers_elf64 of fs/proc/vmcore.c).
 *
 * <p>A PT_LOAD costs a few numbers; its pieces are made as they are asked for. A delta is a
 * distance in bytes from a PT_LOAD's first page.
 */
final class Loads {
  private final OldMemory memory;
  private final FractionalPages fractional;
  private final long page;
  private final Padding padding;
  private int count;

  /** By PT_LOAD: the index of its exported program header. */
  private final int[] segment;

  /** By PT_LOAD: the image offset of its first page. Behind the last one: the image's size. */
  private final long[] start;

  /** By PT_LOAD: the address in old memory of its first byte. */
  private final long[] address;

  /** By PT_LOAD: p_memsz. */
  private final long[] memsz;

  /** By PT_LOAD: the number of pieces in front of its first. Behind the last one: all of them. */
  private final long[] pieces;

  /**
   * Room for {@code most} PT_LOADs of {@code dump}, the first at image offset {@code first}.
   *
   * @param arena the copies of fractional pages live in it
   */
  Loads(Dump dump, Padding padding, int most, long first, Arena arena) {
    this.memory = dump.memory();
    this.fractional = new FractionalPages(memory, dump.source(), 2 * most, arena);
    this.page = dump.pageSize();
    this.padding = padding;
    this.segment = new int[most];
    this.start = new long[most + 1];
    this.address = new long[most];
    this.memsz = new long[most];
    this.pieces = new long[most + 1];
    start[0] = first;
  }

  /** Adds a PT_LOAD of the crash headers, and gives it as program header {@code index}. */
  ProgramHeader add(ProgramHeader header, int index) {
    int load = count++;
    segment[load] = index;
    address[load] = header.offset();
    memsz[load] = header.memsz();
    start[load + 1] = start[load] + (end(load) + page - 1 & -page);
    pieces[load + 1] = pieces[load] + piecesOf(load);
    return header.withOffset(start[load] + first(load));
  }

  private int piecesOf(int load) {
    long head = headEnd(load);
    long tail = tailStart(load);
    return (head > 0 ? 1 : 0) + (tail > head ? 1 : 0) + (tail < span(load) ? 1 : 0);
  }

  /** Copies all fractional pages. */
  void copyFractionalPages() throws VmcoreException {
    for (int i = 0; i < pieces(); i++) {
      if (piece(i) instanceof FractionalPage each) {
        each.copied();
      }
    }
  }

  /** The image offset behind the last page. */
  long end() {
    return start[count];
  }

  /** The number of pieces of all PT_LOADs. */
  int pieces() {
    return (int) pieces[count];
  }

  /** Piece {@code index} of all PT_LOADs'. */
  Piece piece(int index) {
    int load = Ascending.floor(pieces, count, index);
    long head = headEnd(load);
    boolean isTail = index - pieces[load] > (head > 0 ? 1 : 0);
    return pieceAt(load, index == pieces[load] ? 0 : isTail ? tailStart(load) : head);
  }

  /** The piece that image offset {@code offset} lies in, which is not in front of the first one. */
  Piece pieceAt(long offset) {
    int load = Ascending.floor(start, count, offset);
    return pieceAt(load, offset - start[load]);
  }

  private Piece pieceAt(int load, long delta) {
    long head = headEnd(load);
    long tail = tailStart(load);
    return delta >= head && delta < tail
        ? wholePages(load, head, tail)
        : fractionalPage(load, delta & -page);
  }

  private WholePages wholePages(int load, long from, long to) {
    long first = start[load];
    return new WholePages(first + from, first + to, memory, base(load) + from, segment[load]);
  }

  private FractionalPage fractionalPage(int load, long delta) {
    long first = start[load] + delta;
    long claimed = start[load] + Math.max(delta, first(load));
    long claimedEnd = start[load] + Math.min(delta + page, end(load));
    int slot = 2 * load + (delta == 0 ? 0 : 1);
    return new FractionalPage(
        first,
        first + page,
        fractional,
        slot,
        base(load) + delta,
        claimed,
        claimedEnd,
        segment[load]);
  }

  /** The size of its pages. */
  private long span(int load) {
    return start[load + 1] - start[load];
  }

  /** The address in old memory of its first page. */
  private long base(int load) {
    return address[load] & -page;
  }

  /** The delta of its first byte. */
  private long first(int load) {
    return address[load] & page - 1;
  }

  /** The delta behind its last byte. */
  private long end(int load) {
    return first(load) + memsz[load];
  }

  /** The delta where its head page ends: 0 when it has none. */
  private long headEnd(int load) {
    return padding == Padding.OLDMEM || first(load) == 0 ? 0 : page;
  }

  /** The delta where its tail page begins: the end of its pages when it has none. */
  private long tailStart(int load) {
    long tail = end(load) & -page;
    boolean whole = padding == Padding.OLDMEM || tail == end(load);
    return whole ? span(load) : Math.max(tail, headEnd(load));
  }
}
