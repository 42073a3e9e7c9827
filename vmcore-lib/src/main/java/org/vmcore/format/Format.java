package org.vmcore.format;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.vmcore.headers.Dump;
import org.vmcore.io.ByteSource;
import org.vmcore.io.VmcoreException;

/** An on-disk format: what it is told by, and how it opens. */
public sealed interface Format permits ElfFormat, KdumpFormat, LimeFormat {
  /** Every format there is, in the order in which they are tried. */
  List<Format> ALL = List.of(new ElfFormat(), new KdumpFormat(), new LimeFormat());

  /** The most bytes that a probe looks at. */
  int PROBE_SIZE = 64;

  /** The format's name: {@code elf}. */
  String name();

  /** Whether a file that begins with {@code start} looks like one of this format. */
  boolean probe(MemorySegment start);

  /**
   * Opens {@code input}, of which {@link #probe} said yes.
   *
   * @throws VmcoreException when it is too damaged to be opened, or not one dump
   */
  Dump open(Input input) throws VmcoreException;

  /**
   * Opens {@code input}, of whatever format it is.
   *
   * @throws VmcoreException when it is of none, or too damaged to be opened
   */
  static Dump openAny(Input input) throws VmcoreException {
    ByteSource file = input.file();
    MemorySegment start = MemorySegment.ofArray(new byte[PROBE_SIZE]);
    start = start.asSlice(0, file.read(0, start));
    for (Format format : ALL) {
      if (format.probe(start)) {
        return format.open(input);
      }
    }
    throw VmcoreException.at(file.name(), 0, UnknownFormat.reason(start));
  }
}
