package org.vmcore.format;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.vmcore.dump.Dump;
import org.vmcore.dump.Format;
import org.vmcore.dump.Input;
import org.vmcore.format.elf.ElfFormat;
import org.vmcore.format.kdump.KdumpFormat;
import org.vmcore.format.lime.LimeFormat;
import org.vmcore.format.s390.S390Format;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.VmcoreException;

/** Every format there is. A new one is a room of its own, and one line here. */
public final class Formats {
  /** In the order in which they are tried. */
  private static final List<Format> ALL =
      List.of(new ElfFormat(), new KdumpFormat(), new LimeFormat(), new S390Format());

  private Formats() {}

  /** Whether a file that begins with {@code start} is a dump, as far as these bytes tell. */
  public static boolean mayBeDump(MemorySegment start) {
    for (Format format : ALL) {
      if (format.probe(start)) {
        return format.mayBeDump(start);
      }
    }
    return false;
  }

  /**
   * Opens {@code input}, of whatever format it is.
   *
   * @throws VmcoreException when it is of none, or too damaged to be opened
   */
  public static Dump open(Input input) throws VmcoreException {
    ByteSource file = input.file();
    MemorySegment start = MemorySegment.ofArray(new byte[Format.PROBE_SIZE]);
    start = start.asSlice(0, file.read(0, start));
    for (Format format : ALL) {
      if (format.probe(start)) {
        return format.open(input);
      }
    }
    throw UnknownFormat.refusal(file, start);
  }
}
