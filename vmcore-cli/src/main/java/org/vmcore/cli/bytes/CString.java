package org.vmcore.cli.bytes;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Printable;

/**
 * A string as C has it: the bytes in front of the first NUL.
 *
 * @param text what could be read of it, without the NUL, printable: control characters and bytes
 *     that aren't UTF-8 are escaped
 * @param missing what it ends at in place of a NUL, where that can't be read
 * @param isCut whether there is no NUL in as many bytes as were asked for
 */
public record CString(String text, Optional<Extent> missing, boolean isCut) {
  /** Of most strings; a block never crosses more than one border of pages. */
  private static final int BLOCK = 512;

  /** Reads the string at {@code start}, of {@code most} bytes with its NUL at the most. */
  public static CString read(Memory memory, long start, int most) throws VmcoreException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] block = new byte[Math.min(BLOCK, most)];
    while (bytes.size() < most) {
      long at = start + bytes.size();
      int wanted = Math.min(block.length, most - bytes.size());
      int got = (int) memory.read(at, MemorySegment.ofArray(block).asSlice(0, wanted));
      if (got == 0) {
        Extent missing = Extent.unread(memory, at).clip(at, most - bytes.size());
        return new CString(text(bytes), Optional.of(missing), false);
      }
      int length = lengthOf(block, got);
      bytes.write(block, 0, length);
      if (length < got) {
        return new CString(text(bytes), Optional.empty(), false);
      }
    }
    return new CString(text(bytes), Optional.empty(), true);
  }

  private static int lengthOf(byte[] block, int most) {
    int length = 0;
    while (length < most && block[length] != 0) {
      length++;
    }
    return length;
  }

  private static String text(ByteArrayOutputStream bytes) {
    return Printable.utf8(bytes.toString(StandardCharsets.ISO_8859_1));
  }
}
