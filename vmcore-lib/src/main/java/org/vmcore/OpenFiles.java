package org.vmcore;

import java.util.List;
import org.vmcore.io.ByteSource;

/**
 * The files that are open under a dump; all of them are closed with it.
 *
 * @param sources the dump's file first; none for memory that is the caller's
 */
record OpenFiles(List<ByteSource> sources) implements AutoCloseable {
  /** What the dump's file was wrapped in, from the outside in. */
  List<String> envelopes() {
    return sources.isEmpty() ? List.of() : sources.getFirst().envelopes();
  }

  @Override
  public void close() {
    sources.forEach(ByteSource::close);
  }
}
