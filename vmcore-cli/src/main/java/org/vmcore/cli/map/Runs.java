package org.vmcore.cli.map;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.vmcore.Vmcore;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Chunk;
import org.vmcore.memory.PageRange;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Unsigned;

/** Physical memory in runs of one state each, and how much there is of each. */
final class Runs {
  private final Vmcore vmcore;
  private final List<Run> buffers;
  private final long[] sizes = new long[MapState.values().length];

  /**
   * Bytes in a row that share a state, whole page frames.
   *
   * @param start a physical address
   * @param size in bytes
   */
  record Run(long start, long size, MapState state) {
    long end() {
      return start + size;
    }
  }

  private Runs(Vmcore vmcore, List<Run> buffers) {
    this.vmcore = vmcore;
    this.buffers = buffers;
  }

  static Runs of(Vmcore vmcore) throws VmcoreException {
    Runs runs = new Runs(vmcore, buffers(vmcore));
    runs.each(run -> runs.sizes[run.state().index()] += run.size());
    return runs;
  }

  /** Pages that the kernel copied, by address; a page that two PT_LOADs share comes twice. */
  private static List<Run> buffers(Vmcore vmcore) {
    List<Run> buffers = new ArrayList<>();
    List<ProgramHeader> segments = vmcore.segments();
    for (Chunk chunk : vmcore.chunks()) {
      if (chunk instanceof Chunk.Buffer && chunk.content() == Chunk.Content.LOAD) {
        ProgramHeader segment = segments.get(chunk.segment());
        if (segment.isPhysicalKnown()) {
          long start = segment.paddr() + (chunk.offset() - segment.offset());
          buffers.add(new Run(start & -vmcore.pageSize(), chunk.size(), MapState.BUFFER));
        }
      }
    }
    buffers.sort(Comparator.comparing(Run::start, Long::compareUnsigned));
    return buffers;
  }

  /** The bytes in {@code state}. */
  long size(MapState state) {
    return sizes[state.index()];
  }

  /** The bytes of RAM. */
  long ram() {
    long ram = 0;
    for (MapState state : MapState.values()) {
      ram += state == MapState.NOT_RAM ? 0 : size(state);
    }
    return ram;
  }

  /** Tells {@code out} of each run, in ascending order; neighbours differ in state. */
  void each(Consumer<Run> out) throws VmcoreException {
    Split split = new Split(out);
    vmcore.pages(split);
    split.finish();
  }

  /** Takes pages out of present ranges that the kernel copied. */
  private final class Split implements Consumer<PageRange> {
    private final Consumer<Run> out;
    private int next;
    private long start;
    private long size;
    private MapState state = MapState.NOT_RAM;

    Split(Consumer<Run> out) {
      this.out = out;
    }

    @Override
    public void accept(PageRange range) {
      long at = range.pfn() * vmcore.pageSize();
      long end = at + range.count() * vmcore.pageSize();
      while (range.state() == PageState.PRESENT && next < buffers.size()) {
        Run buffer = buffers.get(next);
        if (Long.compareUnsigned(buffer.start(), end - 1) > 0) {
          break;
        }
        next++;
        if (Long.compareUnsigned(buffer.end() - 1, at) >= 0) {
          long from = Unsigned.max(buffer.start(), at);
          long to = Unsigned.min(buffer.end() - 1, end - 1) + 1;
          add(at, from - at, MapState.PRESENT);
          add(from, to - from, MapState.BUFFER);
          at = to;
        }
      }
      add(at, end - at, MapState.of(range.state()));
    }

    private void add(long from, long length, MapState what) {
      if (length == 0) {
        return;
      }
      if (size != 0 && state != what) {
        finish();
      }
      start = size == 0 ? from : start;
      size += length;
      state = what;
    }

    void finish() {
      if (size != 0) {
        out.accept(new Run(start, size, state));
      }
      size = 0;
    }
  }
}
