package org.vmcore.prepare;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vmcore.headers.PhysicalRange;
import org.vmcore.io.SmallFile;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * Where each CPU's notes lie: lines {@code cpuN ADDRESS SIZE}, the hexadecimal and the decimal
 * number that {@code /sys/devices/system/cpu/cpuN/crash_notes} and {@code crash_notes_size} hold.
 */
public final class CrashNotes {
  private static final int MAX_SIZE = 1 << 20;
  private static final Pattern LINE =
      Pattern.compile("cpu([0-9]{1,6})[ \t]+(?:0x)?([0-9a-fA-F]{1,16})[ \t]+([0-9]{1,9})");

  private CrashNotes() {}

  /** Reads {@code file}. */
  public static List<PhysicalRange> read(Path file) throws VmcoreException {
    byte[] bytes = SmallFile.read(file, MAX_SIZE, "list of crash notes");
    return parse(file.toString(), new String(bytes, StandardCharsets.ISO_8859_1));
  }

  /**
   * The note areas by CPU number, which need not be without gaps.
   *
   * @param file named in errors
   * @param text each byte one character
   * @throws VmcoreException with line and byte offset
   */
  public static List<PhysicalRange> parse(String file, String text) throws VmcoreException {
    Map<Integer, PhysicalRange> notes = new TreeMap<>();
    int line = 0;
    for (int at = 0, next; at < text.length(); at = next) {
      line++;
      int newline = text.indexOf('\n', at);
      next = newline < 0 ? text.length() : newline + 1;
      String content = text.substring(at, next).strip();
      if (!content.isEmpty()) {
        String fault = add(content, notes);
        if (!fault.isEmpty()) {
          throw VmcoreException.at(file, at, "line " + line + ": " + fault);
        }
      }
    }
    return List.copyOf(notes.values());
  }

  /** Adds a line, and tells what is wrong with it: nothing when empty. */
  private static String add(String content, Map<Integer, PhysicalRange> notes) {
    Matcher parts = LINE.matcher(content);
    if (!parts.matches()) {
      return "not of the form cpuN ADDRESS SIZE";
    }
    long address = Long.parseUnsignedLong(parts.group(2), 16);
    long size = Long.parseLong(parts.group(3));
    if (size == 0 || Long.compareUnsigned(address + size - 1, address) < 0) {
      return "no memory of " + size + " bytes is at " + Hex.of(address);
    }
    PhysicalRange area = PhysicalRange.ofSize(address, size);
    boolean first = notes.putIfAbsent(Integer.valueOf(parts.group(1)), area) == null;
    return first ? "" : "cpu" + parts.group(1) + " is listed twice";
  }
}
