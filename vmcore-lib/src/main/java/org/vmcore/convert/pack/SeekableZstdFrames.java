package org.vmcore.convert.pack;

import com.github.luben.zstd.ZstdCompressCtx;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongConsumer;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.OutputFile;

/** The frames of a seekable zstd file, compressed and written. */
final class SeekableZstdFrames implements OrderedWork.Steps<ZstdFrame>, AutoCloseable {
  private final OutputFile out;
  private final Content content;
  private final SeekTable table;
  private final int level;
  private final LongConsumer progress;

  /** As many as there are threads: of a high level each has some MiB. */
  private final Deque<ZstdCompressCtx> idle = new ArrayDeque<>();

  /** What holds {@link #zeros}. */
  private final ZstdFrame zeroFrame;

  /** A whole frame of zeros, compressed. */
  private final MemorySegment zeros;

  SeekableZstdFrames(
      OutputFile out, Content content, SeekTable table, int level, LongConsumer progress)
      throws VmcoreException {
    this.out = out;
    this.content = content;
    this.table = table;
    this.level = level;
    this.progress = progress;
    this.zeroFrame = new ZstdFrame(table.frameSize());
    ZstdCompressCtx context = borrow();
    try {
      this.zeros = zeroFrame.packZeros(context, table.frameSize());
    } finally {
      giveBack(context);
    }
  }

  @Override
  public ZstdFrame make() {
    return new ZstdFrame(table.frameSize());
  }

  @Override
  public void work(long number, ZstdFrame frame) throws VmcoreException {
    int size = table.sizeOf(number);
    ZstdCompressCtx context = borrow();
    try {
      frame.pack(
          context,
          content,
          number * table.frameSize(),
          size,
          size == table.frameSize() ? zeros : MemorySegment.NULL);
    } finally {
      giveBack(context);
    }
  }

  private ZstdCompressCtx borrow() {
    synchronized (idle) {
      if (!idle.isEmpty()) {
        return idle.pop();
      }
    }
    return ZstdFrame.context(level);
  }

  private void giveBack(ZstdCompressCtx context) {
    synchronized (idle) {
      idle.push(context);
    }
  }

  @Override
  public void deliver(long number, ZstdFrame frame) throws VmcoreException {
    out.write(frame.packed());
    table.add(frame.packed().byteSize());
    progress.accept(table.sizeOf(number));
  }

  @Override
  public void free(ZstdFrame frame) {
    frame.close();
  }

  @Override
  public void close() {
    idle.forEach(ZstdCompressCtx::close);
    zeroFrame.close();
  }
}
