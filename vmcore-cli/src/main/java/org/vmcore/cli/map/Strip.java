package org.vmcore.cli.map;

import java.util.Arrays;
import org.vmcore.cli.map.Runs.Run;
import org.vmcore.memory.VmcoreException;

/** Cuts memory into lines of cells of equal size; lines without RAM are folded into one. */
final class Strip {
  private static final int STATES = MapState.values().length;

  /** Lines that are drawn of RAM in one piece, about. */
  private static final int LINES = 16;

  /** The most lines; cells grow until there are no more. */
  private static final int MOST = 64;

  private final int width;
  private final long cell;
  private final Lines out;

  /** Of each cell of the line, the bytes in each state. */
  private final long[] bytes;

  private long line;
  private int used;
  private long behind;

  private Strip(int width, long cell, Lines out) {
    this.width = width;
    this.cell = cell;
    this.out = out;
    this.bytes = new long[width * STATES];
  }

  /** Is told of the lines, in ascending order. */
  interface Lines {
    /** Cells from {@code start} on, of which the last one is RAM. */
    void line(long start, MapState[] cells);

    /** There is no RAM in {@code size} bytes from {@code start} on. */
    void gap(long start, long size);
  }

  /** The size of a cell, in bytes, with which {@code runs} make a picture of few lines. */
  static long cell(Runs runs, long pageSize, int width) throws VmcoreException {
    long cell = pageSize;
    while (cell < runs.ram() / ((long) width * LINES)) {
      cell *= 2;
    }
    Count count = new Count();
    draw(runs, width, cell, count);
    while (count.lines > MOST) {
      cell *= 4;
      count = new Count();
      draw(runs, width, cell, count);
    }
    return cell;
  }

  private static final class Count implements Lines {
    private int lines;

    @Override
    public void line(long start, MapState[] cells) {
      lines++;
    }

    @Override
    public void gap(long start, long size) {
      lines++;
    }
  }

  /** Tells {@code out} of the lines of {@code runs}. */
  static void draw(Runs runs, int width, long cell, Lines out) throws VmcoreException {
    Strip strip = new Strip(width, cell, out);
    runs.each(strip::add);
    strip.flush();
  }

  private void add(Run run) {
    if (run.state() == MapState.NOT_RAM) {
      return;
    }
    for (long at = run.start(); at != run.end(); ) {
      long index = Long.divideUnsigned(at, cell);
      long its = index / width;
      if (its != line) {
        flush();
        line = its;
      }
      long length = Math.min(run.end() - at, cell - (at - index * cell));
      used = (int) (index - its * width) + 1;
      bytes[(used - 1) * STATES + run.state().index()] += length;
      at += length;
    }
  }

  /** Tells of the line, and of what lies between it and the one before. */
  private void flush() {
    if (used == 0) {
      return;
    }
    long start = line * width * cell;
    if (start != behind) {
      out.gap(behind, start - behind);
    }
    behind = start + width * cell;
    MapState[] cells = new MapState[used];
    for (int i = 0; i < used; i++) {
      cells[i] = state(i);
    }
    out.line(start, cells);
    Arrays.fill(bytes, 0);
    used = 0;
  }

  /** Few lost or copied pages show; of others the more. */
  private MapState state(int index) {
    if (of(index, MapState.LOST) > 0) {
      return MapState.LOST;
    }
    if (of(index, MapState.BUFFER) > 0) {
      return MapState.BUFFER;
    }
    long present = of(index, MapState.PRESENT);
    long excluded = of(index, MapState.EXCLUDED);
    if (present == 0 && excluded == 0) {
      return MapState.NOT_RAM;
    }
    return present >= excluded ? MapState.PRESENT : MapState.EXCLUDED;
  }

  private long of(int index, MapState state) {
    return bytes[index * STATES + state.index()];
  }
}
