package org.vmcore.format.foreign;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.VmcoreException;

/** Texts that lie beside a dump. */
final class TextFile {
  private static final int LOOKED_AT = 512;
  private static final String DUMP = "give the dump beside it";

  private TextFile() {}

  /** What {@code file} is if it is text. */
  static Optional<ForeignFile> of(ByteSource file) throws VmcoreException {
    byte[] start = new byte[LOOKED_AT];
    int got = (int) file.read(0, MemorySegment.ofArray(start));
    for (int i = 0; i < got; i++) {
      if ((start[i] < ' ' && "\t\n\r\f\033".indexOf(start[i]) < 0) || start[i] == 0x7f) {
        return Optional.empty();
      }
    }
    String text = new String(start, 0, got, StandardCharsets.US_ASCII);
    return kind(text);
  }

  private static Optional<ForeignFile> kind(String text) {
    if (isSystemMap(text)) {
      return file("a System.map", "it goes with a dump: --system-map FILE");
    }
    if (text.startsWith("OSRELEASE=")) {
      return file("the text of a VMCOREINFO", DUMP);
    }
    if (text.startsWith("[  ") || text.startsWith("<6>[")) {
      return file("the text of a kernel's log (vmcore-dmesg.txt)", DUMP);
    }
    if (isIomem(text)) {
      return file("a /proc/iomem", "it goes with `vmcore prepare`: --iomem FILE");
    }
    return Optional.empty();
  }

  private static Optional<ForeignFile> file(String what, String advice) {
    return Optional.of(new ForeignFile(0, what, advice));
  }

  /** {@code ffffffff81000000 T _stext}. */
  private static boolean isSystemMap(String text) {
    int digits = hexDigits(text, 0);
    return (digits == 8 || digits == 16)
        && text.length() > digits + 3
        && text.charAt(digits) == ' '
        && Character.isLetter(text.charAt(digits + 1))
        && text.charAt(digits + 2) == ' ';
  }

  /** {@code 00001000-0009fbff : System RAM}. */
  private static boolean isIomem(String text) {
    int from = hexDigits(text, 0);
    int to = hexDigits(text, from + 1);
    return from >= 8 && to == from && text.startsWith(" : ", from + 1 + to);
  }

  private static int hexDigits(String text, int start) {
    int end = start;
    while (end < text.length() && Character.digit(text.charAt(end), 16) >= 0) {
      end++;
    }
    return Math.max(0, end - start);
  }
}
