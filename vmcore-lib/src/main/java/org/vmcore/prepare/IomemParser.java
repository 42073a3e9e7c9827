package org.vmcore.prepare;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;

/** Parses {@code /proc/iomem}, as r_show of kernel/resource.c writes it. */
final class IomemParser {
  /** MAX_IORES_LEVEL: what lies deeper is indented no further. */
  private static final int MAX_DEPTH = 5;

  private static final String BETWEEN = " : ";

  private final String file;
  private final String text;
  private final List<Line> lines = new ArrayList<>();

  /** The lines that the last one lies in, and that one. */
  private final List<Line> path = new ArrayList<>();

  IomemParser(String file, String text) {
    this.file = file;
    this.text = text;
  }

  private record Line(int number, int start, Iomem.Resource resource) {
    AddressRange range() {
      return resource.range();
    }

    int depth() {
      return resource.depth();
    }

    /** Whether {@code other} may be a part of this: all that lies deeper looks equally deep. */
    boolean canHold(Line other) {
      return depth() < other.depth()
          || (other.depth() == MAX_DEPTH && range().contains(other.range()));
    }
  }

  List<Iomem.Resource> parse() throws VmcoreException {
    int number = 0;
    for (int start = 0, next; start < text.length(); start = next) {
      number++;
      int newline = text.indexOf('\n', start);
      next = newline < 0 ? text.length() : newline + 1;
      String content = text.substring(start, next).stripTrailing();
      if (!content.isEmpty()) {
        lines.add(new Line(number, start, resource(content, number, start)));
      }
    }
    if (!lines.isEmpty() && lines.stream().allMatch(line -> line.range().last() == 0)) {
      throw VmcoreException.at(
          file, 0, "all addresses are 0: /proc/iomem shows them to root only; read it as root");
    }
    for (Line line : lines) {
      place(line);
    }
    return lines.stream().map(Line::resource).toList();
  }

  private Iomem.Resource resource(String content, int number, int at) throws VmcoreException {
    int indent = 0;
    while (indent < content.length() && content.charAt(indent) == ' ') {
      indent++;
    }
    int dash = content.indexOf('-', indent);
    int colon = content.indexOf(BETWEEN, indent);
    if (dash < 0 || colon < dash) {
      throw fault(number, at + indent, "not of the form START-END : NAME");
    }
    if (indent % 2 != 0 || indent / 2 > MAX_DEPTH) {
      throw fault(
          number, at, indent + " blanks in front: not two for each level, up to " + MAX_DEPTH);
    }
    long start = address(content, indent, dash, number, at);
    long last = address(content, dash + 1, colon, number, at);
    if (Long.compareUnsigned(last, start) < 0) {
      throw fault(number, at + dash + 1, "the end is below the start");
    }
    String name = content.substring(colon + BETWEEN.length());
    return new Iomem.Resource(AddressRange.inclusive(start, last), indent / 2, name);
  }

  private long address(String content, int from, int to, int number, int at)
      throws VmcoreException {
    try {
      boolean signed = from < to && "+-".indexOf(content.charAt(from)) >= 0;
      return Long.parseUnsignedLong(signed ? "" : content.substring(from, to), 16);
    } catch (NumberFormatException e) {
      throw fault(number, at + from, "not a hexadecimal address of 64 bits");
    }
  }

  /** Checks that the line's range lies in the one above it and behind the one before it. */
  private void place(Line line) throws VmcoreException {
    AddressRange range = line.range();
    while (!path.isEmpty() && !path.getLast().canHold(line)) {
      Line before = path.removeLast();
      boolean sibling = before.depth() == line.depth();
      if (sibling && Long.compareUnsigned(range.start(), before.range().last()) <= 0) {
        throw fault(line, range + " overlaps line " + before.number() + " or belongs before it");
      }
    }
    int deepest = path.isEmpty() ? 0 : path.getLast().depth() + 1;
    if (line.depth() > deepest) {
      throw fault(line, "indented deeper than a part of the line before it");
    }
    if (!path.isEmpty() && !path.getLast().range().contains(range)) {
      String outside = range + " reaches outside of line " + path.getLast().number();
      throw fault(line, outside + ", which it is in");
    }
    path.add(line);
  }

  private VmcoreException fault(Line line, String reason) {
    return fault(line.number(), line.start(), reason);
  }

  private VmcoreException fault(int number, int offset, String reason) {
    return VmcoreException.at(file, offset, "line " + number + ": " + reason);
  }
}
