package org.vmcore.convert.pack;

import java.lang.foreign.MemorySegment;
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
    this.zeroFrame = new ZstdFrame(table.frameSize(), level);
    this.zeros = zeroFrame.packZeros(table.frameSize());
  }

  @Override
  public ZstdFrame make() {
    return new ZstdFrame(table.frameSize(), level);
  }

  @Override
  public void work(long number, ZstdFrame frame) throws VmcoreException {
    int size = table.sizeOf(number);
    frame.pack(
        content,
        number * table.frameSize(),
        size,
        size == table.frameSize() ? zeros : MemorySegment.NULL);
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
    zeroFrame.close();
  }
}
