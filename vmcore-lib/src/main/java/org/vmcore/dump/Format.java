package org.vmcore.dump;

import java.lang.foreign.MemorySegment;
import org.vmcore.memory.VmcoreException;

/** An on-disk format: what it is told by, and how it opens. */
public interface Format {
  /** The most bytes that a probe looks at. */
  int PROBE_SIZE = 64;

  /** The format's name: {@code elf}. */
  String name();

  /** Whether a file that begins with {@code start} looks like one of this format. */
  boolean probe(MemorySegment start);

  /**
   * Whether a file of which {@link #probe} says yes may be a dump: other files have its beginning,
   * too.
   */
  default boolean mayBeDump(MemorySegment start) {
    return true;
  }

  /**
   * Opens {@code input}, of which {@link #probe} said yes.
   *
   * @throws VmcoreException when it is too damaged to be opened, or not one dump
   */
  Dump open(Input input) throws VmcoreException;
}
