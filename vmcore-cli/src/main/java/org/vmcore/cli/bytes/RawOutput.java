package org.vmcore.cli.bytes;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.vmcore.cli.output.OutputRefused;
import org.vmcore.cli.output.Progress;
import org.vmcore.memory.Extent;
import org.vmcore.memory.PageState;

/**
 * Writes bytes as they are, zeros for what is missing, and for lost ones a byte if there is one.
 */
public final class RawOutput implements MemoryWalk.Visitor {
  /** Nanoseconds until a full pipe is tried again. */
  private static final long FULL_PIPE = 1_000_000;

  private final WritableByteChannel out;
  private final MemorySegment block;
  private final OptionalInt fill;
  private final Progress progress;
  private OptionalLong end = OptionalLong.empty();

  /** Writes the bytes that the walk leaves in {@code block}. */
  public RawOutput(
      WritableByteChannel out, MemorySegment block, OptionalInt fill, Progress progress) {
    this.out = out;
    this.block = block;
    this.fill = fill;
    this.progress = progress;
  }

  /** The address of the lost byte that ended the output. */
  public OptionalLong end() {
    return end;
  }

  @Override
  public void bytes(int size) {
    try {
      for (ByteBuffer bytes = block.asSlice(0, size).asByteBuffer(); bytes.hasRemaining(); ) {
        if (out.write(bytes) == 0) {
          LockSupport.parkNanos(FULL_PIPE); // somebody made it non-blocking
        }
      }
    } catch (IOException e) {
      throw new OutputRefused(e);
    }
    progress.add(size);
  }

  @Override
  public boolean missing(Extent extent) {
    boolean lost = extent.state() == PageState.LOST;
    if (lost && fill.isEmpty()) {
      end = OptionalLong.of(extent.start());
      return false;
    }
    block.fill((byte) (lost ? fill.orElse(0) : 0));
    for (long done = 0; done < extent.size(); done += block.byteSize()) {
      bytes((int) Math.min(block.byteSize(), extent.size() - done));
    }
    return true;
  }
}
