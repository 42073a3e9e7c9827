package org.vmcore.cli.bytes;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.vmcore.cli.output.OutputRefused;
import org.vmcore.cli.output.Progress;
import org.vmcore.memory.Extent;
import org.vmcore.memory.PageState;

/**
 * Writes bytes as they are, zeros for what is missing, and for lost ones a byte if there is one.
 */
public final class RawOutput implements MemoryWalk.Visitor {
  private final OutputStream out;
  private final byte[] block;
  private final OptionalInt fill;
  private final Progress progress;
  private OptionalLong end = OptionalLong.empty();

  /** Writes the bytes that the walk leaves in {@code block}. */
  public RawOutput(OutputStream out, byte[] block, OptionalInt fill, Progress progress) {
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
      out.write(block, 0, size);
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
    Arrays.fill(block, (byte) (lost ? fill.orElse(0) : 0));
    for (long done = 0; done < extent.size(); done += block.length) {
      bytes((int) Math.min(block.length, extent.size() - done));
    }
    return true;
  }
}
