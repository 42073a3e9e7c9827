package org.vmcore.format;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.OptionalLong;
import org.vmcore.headers.Dump;
import org.vmcore.io.ByteSource;
import org.vmcore.io.VmcoreException;

/** An on-disk format: what it is told by, and how it opens. */
public sealed interface Format permits ElfFormat {
  /** Every format there is, in the order in which they are tried. */
  List<Format> ALL = List.of(new ElfFormat());

  /** The most bytes that a probe looks at. */
  int PROBE_SIZE = 64;

  /** The format's name: {@code elf}. */
  String name();

  /** Whether a file that begins with {@code start} looks like one of this format. */
  boolean probe(MemorySegment start);

  /**
   * Opens {@code file}.
   *
   * @param pageSize the page size to use instead of the one the dump tells, in bytes
   */
  Dump open(ByteSource file, OptionalLong pageSize) throws VmcoreException;

  /**
   * Opens {@code file}, of whatever format it is.
   *
   * @param pageSize the page size to use instead of the one the dump tells, in bytes
   * @throws VmcoreException when it is of none, or too damaged to be opened
   */
  static Dump openAny(ByteSource file, OptionalLong pageSize) throws VmcoreException {
    MemorySegment start = MemorySegment.ofArray(new byte[PROBE_SIZE]);
    start = start.asSlice(0, file.read(0, start));
    for (Format format : ALL) {
      if (format.probe(start)) {
        return format.open(file, pageSize);
      }
    }
    throw VmcoreException.at(file.name(), 0, UnknownFormat.reason(start));
  }
}
