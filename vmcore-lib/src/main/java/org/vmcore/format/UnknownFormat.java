package org.vmcore.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.vmcore.format.foreign.ForeignFile;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.VmcoreException;

/** Says what a file is that can't be opened, as far as its bytes tell. */
final class UnknownFormat {
  private static final int SHOWN = 8;

  private UnknownFormat() {}

  /** Why {@code file}, which begins with {@code start}, isn't opened. */
  static VmcoreException refusal(ByteSource file, MemorySegment start) throws VmcoreException {
    if (start.byteSize() == 0) {
      return VmcoreException.at(file.name(), 0, nothing(file));
    }
    Optional<ForeignFile> known = ForeignFile.of(file);
    return known.isPresent()
        ? VmcoreException.at(file.name(), known.get().offset(), known.get().reason())
        : VmcoreException.at(file.name(), 0, unknown(start));
  }

  /** Why {@code file} has no first byte. */
  private static String nothing(ByteSource file) {
    return file.size() == 0
        ? "the file is empty"
        : "the dump's first bytes are lost"
            + file.lossAt(0).map(loss -> ": " + loss.message()).orElse("");
  }

  private static String unknown(MemorySegment start) {
    byte[] bytes = start.toArray(ValueLayout.JAVA_BYTE);
    return "not a dump of a known format (it begins with "
        + HexFormat.ofDelimiter(" ").formatHex(Arrays.copyOf(bytes, Math.min(SHOWN, bytes.length)))
        + "): ELF, kdump-compressed, LiME and s390's stand-alone files can be read, raw memory with"
        + " --ram-map";
  }
}
