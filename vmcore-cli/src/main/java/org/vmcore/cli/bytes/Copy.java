package org.vmcore.cli.bytes;

import org.vmcore.Vmcore;
import org.vmcore.cli.output.Progress;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.Appender;
import org.vmcore.output.OutputFile;

/**
 * Copies memory into files; what is missing of it becomes zeros, holes where there can be some.
 * Holes of the dump's file stay holes; where there are many they are not read.
 */
public final class Copy {
  /**
   * Zeros that are read before holes are asked for: to ask the first time takes as long as to read
   * a few hundred MiB, in vain if there are none.
   */
  private static final long ZEROS = 1L << 26;

  private final Missing missing = new Missing();
  private final Progress progress;
  private final boolean isShared;

  /** Bytes that were asked for so far: what comes first is told of. */
  private long asked;

  /**
   * A copy.
   *
   * @param isShared whether several threads read
   */
  Copy(Progress progress, boolean isShared) {
    this.progress = progress;
    this.isShared = isShared;
  }

  /** Copies the memory of {@code vmcore}, by several threads where that is faster. */
  public static Copy of(Vmcore vmcore, Progress progress) {
    // Pages that have to be unpacked are best asked for in order.
    return new Copy(progress, !vmcore.format().equals("kdump"));
  }

  /** What was missing so far, of files that were committed. */
  public Missing missing() {
    return missing;
  }

  /** Appends {@code size} bytes of {@code memory} from {@code start} on, not past 2^64. */
  public void append(OutputFile file, Memory memory, long start, long size) throws VmcoreException {
    new Run(memory, start, asked, file).append(file, start, size);
    asked += size;
  }

  /** Bytes that go into one file. */
  private final class Run {
    private final Memory memory;
    private final long start;
    private final long before;
    private final OutputFile file;

    /** The bytes from {@code start} on, {@code before} which others were asked for. */
    Run(Memory memory, long start, long before, OutputFile file) {
      this.memory = memory;
      this.start = start;
      this.before = before;
      this.file = file;
    }

    /** Appends bytes to {@code out}: the file, or in any thread a part of it. */
    void append(Appender out, long from, long size) throws VmcoreException {
      for (long done = 0; done < size; ) {
        // A read would show as zeros what isn't RAM: the extents tell it apart, in any memory.
        Extent extent = memory.extentAt(from + done).clip(from + done, size - done);
        done += extent.isPresent() ? present(out, extent) : skip(out, extent);
      }
    }

    /** Appends what can be read; fewer bytes when the next one turns out to be missing. */
    private long present(Appender out, Extent extent) throws VmcoreException {
      for (long done = 0; done < extent.size(); ) {
        long at = extent.start() + done;
        long got = some(out, at, extent.size() - done);
        if (got == 0) {
          Extent.unread(memory, at);
          return done;
        }
        done += got;
      }
      return extent.size();
    }

    /** Appends some of {@code left} bytes that are present, or lets another thread do it. */
    private long some(Appender out, long at, long left) throws VmcoreException {
      long hole = file.zeros() < ZEROS ? 0 : memory.blank(at, left);
      if (hole > 0) {
        out.skip(hole);
        progress.add(hole);
        return hole;
      }
      long shared = isShared ? out.share(left, (part, size) -> append(part, at, size)) : 0;
      if (shared > 0) {
        return shared;
      }
      long got = out.append(left, dst -> memory.read(at, dst));
      progress.add(got);
      return got;
    }

    private long skip(Appender out, Extent extent) throws VmcoreException {
      out.skip(extent.size());
      missing.add(memory, extent, before + (extent.start() - start));
      progress.add(extent.size());
      return extent.size();
    }
  }
}
