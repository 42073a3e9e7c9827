package org.vmcore.debuginfo.dwarf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * DWARF as text, an entry a line, for tests. It reads by itself, and everything must be in order: a
 * reference leads to an entry, of its own unit where its form says so, a sibling to the end of the
 * entries inside, a string lies among the strings.
 */
final class DwarfText {
  private record Form(int tag, boolean hasChildren, List<int[]> attributes) {}

  private record Entry(int depth, String text, int type, String name) {}

  private static final Map<Integer, String> TAGS = new HashMap<>();
  private static final Map<Integer, String> ATTRIBUTES = new HashMap<>();

  static {
    put(TAGS, 0x01, "array", 0x04, "enum", 0x05, "parameter", 0x0d, "member", 0x0f, "pointer");
    put(TAGS, 0x11, "unit", 0x13, "struct", 0x15, "prototype", 0x16, "typedef", 0x17, "union");
    put(TAGS, 0x18, "...", 0x21, "subrange", 0x24, "base", 0x26, "const", 0x28, "enumerator");
    put(TAGS, 0x2e, "function", 0x34, "variable", 0x35, "volatile", 0x37, "restrict");
    put(TAGS, 0x3b, "unspecified");
    put(ATTRIBUTES, 0x02, "location", 0x0b, "size", 0x0d, "bits", 0x11, "low", 0x12, "high");
    put(ATTRIBUTES, 0x13, "language", 0x1b, "folder", 0x1c, "value", 0x25, "producer");
    put(ATTRIBUTES, 0x27, "prototyped", 0x2f, "last", 0x38, "at", 0x3c, "declared");
    put(ATTRIBUTES, 0x3e, "encoding", 0x3f, "external", 0x6b, "bit");
  }

  private static void put(Map<Integer, String> names, Object... pairs) {
    for (int i = 0; i < pairs.length; i += 2) {
      names.put((Integer) pairs[i], (String) pairs[i + 1]);
    }
  }

  private final ByteBuffer info;
  private final ByteBuffer strings;
  private final Map<Integer, Form> forms = new HashMap<>();
  private final TreeMap<Integer, Entry> entries = new TreeMap<>();
  private final List<int[]> references = new ArrayList<>();
  private int unit;

  private DwarfText(DebugSections sections, ByteOrder order) {
    this.info = sections.info().slice().order(order);
    this.strings = sections.str().slice();
    ByteBuffer abbrev = sections.abbrev().slice();
    for (int code = uleb(abbrev); code != 0; code = uleb(abbrev)) {
      int tag = uleb(abbrev);
      boolean hasChildren = abbrev.get() == 1;
      List<int[]> attributes = new ArrayList<>();
      for (int name = uleb(abbrev); name != 0; name = uleb(abbrev)) {
        attributes.add(new int[] {name, uleb(abbrev)});
      }
      check(abbrev.get() == 0, "an attribute without a name");
      forms.put(code, new Form(tag, hasChildren, attributes));
    }
    check(!abbrev.hasRemaining(), "bytes behind the abbreviations");
  }

  /** The entries of {@code sections}, each indented by its depth. */
  static List<String> of(DebugSections sections) {
    return of(sections, ByteOrder.LITTLE_ENDIAN);
  }

  static List<String> of(DebugSections sections, ByteOrder order) {
    return new DwarfText(sections, order).lines();
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  private List<String> lines() {
    while (info.hasRemaining()) {
      unit();
    }
    for (int[] each : references) {
      check(entries.containsKey(each[1]), "a reference at " + each[0] + " to no entry");
      check(each[1] >= each[2] && each[1] < each[3], "a reference out of its unit");
    }
    List<String> lines = new ArrayList<>();
    for (Entry each : entries.values()) {
      String type = each.type() < 0 ? "" : " of " + named(each.type(), 0);
      lines.add("  ".repeat(each.depth()) + each.text() + type);
    }
    return lines;
  }

  private String named(int at, int depth) {
    check(depth < 1000, "types without an end");
    Entry entry = entries.get(at);
    check(entry != null, "no entry at " + at);
    String tag = entry.text().split(" ", 2)[0];
    boolean isTagged = List.of("struct", "union", "enum").contains(tag);
    if (!entry.name().isEmpty()) {
      return isTagged ? tag + " " + entry.name() : entry.name();
    }
    return entry.type() < 0 ? tag : tag + " of " + named(entry.type(), depth + 1);
  }

  private void unit() {
    unit = info.position();
    int end = unit + 4 + info.getInt();
    check(end <= info.limit() && end > unit, "a unit beyond the section");
    check(info.getShort() == 5 && info.get() == 1, "no compile unit of DWARF 5");
    int addressSize = info.get();
    check(info.getInt() == 0, "abbreviations elsewhere");
    entry(0, addressSize, end);
    check(info.position() == end, "a unit ends at " + end + ", not at " + info.position());
  }

  /** Whether there was an entry, not the end of those inside of another. */
  private boolean entry(int depth, int addressSize, int end) {
    int at = info.position();
    int code = uleb(info);
    if (code == 0) {
      return false;
    }
    Form form = forms.get(code);
    check(form != null, "no abbreviation " + code);
    StringBuilder text = new StringBuilder(TAGS.get(form.tag()));
    String name = "";
    int type = -1;
    int sibling = -1;
    for (int[] attribute : form.attributes()) {
      if (attribute[0] == 0x01) {
        sibling = unit + info.getInt();
        continue;
      }
      String value = value(attribute[1], addressSize, end);
      switch (attribute[0]) {
        case 0x03 -> name = value;
        case 0x49 -> type = Integer.parseInt(value);
        default -> text.append(' ').append(ATTRIBUTES.get(attribute[0])).append('=').append(value);
      }
    }
    text.insert(TAGS.get(form.tag()).length(), name.isEmpty() ? "" : " " + name);
    entries.put(at, new Entry(depth, text.toString(), type, name));
    while (form.hasChildren() && entry(depth + 1, addressSize, end)) {
      check(info.position() < end, "entries beyond their unit");
    }
    check(sibling < 0 || sibling == info.position(), "a sibling elsewhere");
    return true;
  }

  private String value(int form, int addressSize, int end) {
    return switch (form) {
      case 0x01 ->
          "0x" + Long.toHexString(addressSize == 8 ? info.getLong() : info.getInt() & 0xffffffffL);
      case 0x06 -> "0x" + Integer.toHexString(info.getInt());
      case 0x0b, 0x0c -> String.valueOf(info.get() & 0xff);
      case 0x0d -> String.valueOf(sleb());
      case 0x0e -> string(info.getInt());
      case 0x0f -> String.valueOf(ulebLong(info));
      case 0x10 -> reference(0, info.limit());
      case 0x13 -> reference(unit, end);
      case 0x18 -> expression(uleb(info), addressSize);
      case 0x19 -> "1";
      default -> throw new AssertionError("form " + form);
    };
  }

  private String reference(int from, int end) {
    int at = info.position();
    int to = from + info.getInt();
    references.add(new int[] {at, to, from, end});
    return String.valueOf(to);
  }

  private String expression(int size, int addressSize) {
    check(size == 1 + addressSize && info.get() == 3, "no DW_OP_addr");
    return value(0x01, addressSize, 0);
  }

  private String string(int at) {
    StringBuilder text = new StringBuilder();
    for (int i = at; strings.get(i) != 0; i++) {
      check(strings.get(i) >= ' ' && strings.get(i) < 0x7f, "a control character");
      text.append((char) strings.get(i));
    }
    return text.toString();
  }

  private static int uleb(ByteBuffer in) {
    return Math.toIntExact(ulebLong(in));
  }

  private static long ulebLong(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  private long sleb() {
    long value = 0;
    for (int shift = 0; ; ) {
      byte next = info.get();
      value |= (next & 0x7fL) << shift;
      shift += 7;
      if (next >= 0) {
        return shift < 64 && (next & 0x40) != 0 ? value | -1L << shift : value;
      }
    }
  }
}
