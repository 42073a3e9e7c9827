package org.vmcore.output;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.vmcore.io.IoReason;
import org.vmcore.memory.VmcoreException;

/** Writes blocks to a sink, without their zero pages where it may have holes. */
final class BlockWriter {
  private final String name;
  private final Sink sink;
  private long zeros;

  BlockWriter(String name, Sink sink) {
    this.name = name;
    this.sink = sink;
  }

  /** Bytes of zeros that were found, and not written. */
  long zeros() {
    return zeros;
  }

  /** Writes the first {@code filled} bytes of {@code block} at byte {@code start} of the output. */
  void write(MemorySegment block, int filled, long start) throws VmcoreException {
    if (!sink.sparse()) {
      write(block, 0, filled, start);
      return;
    }
    int written = 0;
    int at = ZeroPages.endOfZeros(block, 0, filled);
    while (at < filled) {
      int end = ZeroPages.endOfData(block, at, filled);
      write(block, at, end, start);
      written += end - at;
      at = ZeroPages.endOfZeros(block, end, filled);
    }
    zeros += filled - written;
  }

  private void write(MemorySegment block, int from, int to, long start) throws VmcoreException {
    ByteBuffer bytes = block.asSlice(from, to - from).asByteBuffer();
    try {
      sink.write(bytes, start + from);
    } catch (IOException e) {
      String reason = sink.isPipe() ? OutputFile.READER_GONE : "cannot write: " + IoReason.of(e);
      throw VmcoreException.at(name, start + from, reason, e);
    }
  }
}
