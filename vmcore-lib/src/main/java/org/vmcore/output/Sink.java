package org.vmcore.output;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the bytes of an {@link OutputFile} go. */
sealed interface Sink extends AutoCloseable permits StagedFile, StreamSink {
  /** Whether bytes never written read as zeros. */
  boolean sparse();

  /** Whether a failed write means that the reader is gone. */
  boolean isPipe();

  /** Writes all of {@code source} at byte {@code position}, which never goes back. */
  void write(ByteBuffer source, long position) throws IOException;

  /** Completes an output of {@code length} bytes. */
  void commit(long length) throws IOException;

  /** Gives up what was not committed. */
  @Override
  void close();
}
