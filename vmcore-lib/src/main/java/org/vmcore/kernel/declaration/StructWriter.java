package org.vmcore.kernel.declaration;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vmcore.kernel.types.EnumType;
import org.vmcore.kernel.types.StructType;
import org.vmcore.memory.VmcoreException;

/** Writes structures and unions, members nested in them included. */
final class StructWriter {
  private static final int CACHE_LINE = 64;
  private static final int MAX_DEPTH = 64;

  /** Members, nested ones included: a damaged table may nest them for ever. */
  private static final int MAX_MEMBERS = 1 << 16;

  /** Characters, for its names may be long. */
  private static final int MAX_TEXT = 1 << 22;

  private final StringBuilder out;
  private final MemberTypes types;
  private final Alignments alignments = new Alignments();
  private final IdentityHashMap<StructType, Layout> layouts = new IdentityHashMap<>();
  private final List<String> faults = new ArrayList<>();
  private int members;
  private int depth;
  private long cacheLine;

  StructWriter(StringBuilder out) {
    this.out = out;
    this.types = new MemberTypes(out, this);
  }

  /** What couldn't be written. */
  List<String> faults() {
    return faults;
  }

  MemberTypes types() {
    return types;
  }

  /** The outermost structure, with what is to be said of it as a whole. */
  void write(StructType struct, String suffix) {
    if (struct.isUnion()) {
      union(struct, Style.outermost(true), suffix);
    } else {
      Layout layout = layout(struct);
      structure(layout, Style.outermost(false), suffix, true, layout.isPacked);
    }
  }

  private Layout layout(StructType struct) {
    Layout known = layouts.get(struct);
    if (known == null) {
      known = Layout.of(struct, alignments);
      layouts.put(struct, known);
    }
    return known;
  }

  /** A nested structure or union, up to and with its closing bracket. */
  void nested(StructType struct, Style style, String suffix, boolean isPacked) {
    if (depth == MAX_DEPTH || isFull()) {
      out.append(struct.keyword()).append(" {...}").append(suffix);
      fault(struct.keyword() + " " + struct.tag() + ": nested too deeply");
      return;
    }
    depth++;
    if (struct.isUnion()) {
      union(struct, style, suffix);
    } else {
      Layout layout = layout(struct);
      structure(layout, style, suffix, false, layout.isPacked || isPacked);
    }
    depth--;
  }

  private boolean isFull() {
    return members > MAX_MEMBERS || out.length() > MAX_TEXT;
  }

  private void fault(String reason) {
    if (faults.size() < MAX_DEPTH) {
      faults.add(reason);
    }
  }

  private void open(StructType struct) {
    out.append(struct.keyword()).append(struct.tag().isEmpty() ? "" : " ").append(struct.tag());
    out.append(" {\n");
  }

  private void union(StructType union, Style outer, String suffix) {
    open(union);
    Style style = outer.inner(true);
    Layout layout = layout(union);
    long before = cacheLine;
    for (Place place : layout.places) {
      members++;
      if (isFull()) {
        fault("union " + union.tag() + ": too many members");
        break;
      }
      out.append(style.tabs());
      boolean breaks = union.size() % alignments.natural(place.plain) != 0;
      member(place, style, true, breaks);
      out.append('\n');
      cacheLine = before;
    }
    out.append(outer.tabs()).append('}').append(suffix);
  }

  private void structure(
      Layout layout, Style outer, String suffix, boolean isOutermost, boolean isPacked) {
    open(layout.struct);
    Style style = outer.inner(false);
    Gaps gaps = new Gaps();
    gaps.before(layout);
    boolean said = hole(layout.bitHoleBefore, "bit", style, "", "\n");
    said |= hole(layout.holeBefore, "byte", style, "", "\n");
    members(layout, style, gaps, said);
    if (isOutermost && layout.isOfVmcoreInfo()) {
      out.append('\n').append(style.tabs());
      out.append("/* only what VMCOREINFO tells of its members */\n");
    } else if (isOutermost) {
      long size = layout.struct.size();
      out.append('\n').append(style.tabs()).append("/* size: ").append(size);
      out.append(", cachelines: ").append((size + CACHE_LINE - 1) / CACHE_LINE);
      out.append(", members: ").append(layout.places.size()).append(" */\n");
      gaps.write(out, style.tabs(), layout);
      long last = size % CACHE_LINE;
      if (last != 0) {
        out.append(style.tabs()).append("/* last cacheline: ").append(last).append(" bytes */\n");
      }
    }
    out.append(outer.tabs()).append('}').append(isPacked ? " __attribute__((__packed__))" : "");
    out.append(suffix);
    if (layout.alignment != 0 && !isPacked) {
      out.append(aligned(layout.alignment));
    }
  }

  private void members(Layout layout, Style style, Gaps gaps, boolean saidBefore) {
    Sequence sequence = new Sequence();
    boolean said = saidBefore;
    int count = layout.places.size();
    for (int i = 0; i < count; i++) {
      members++;
      if (isFull()) {
        fault(layout.struct.keyword() + " " + layout.struct.tag() + ": too many members");
        return;
      }
      Place place = layout.places.get(i);
      Place last = i == 0 ? null : layout.places.get(i - 1);
      if (place.alignment != 0) {
        gaps.force(last == null ? layout.holeBefore : last.hole);
      }
      if (last != null && sequence.size != 0) {
        said |= between(last, place, sequence, style);
      }
      out.append(said ? "\n" : "").append(style.tabs());
      boolean breaks = layout.hasGaps() && place.offset % alignments.natural(place.plain) != 0;
      member(place, style.of(last == null, i == count - 1), false, breaks);
      said = behind(place, style, gaps);
      out.append('\n');
      gaps.add(place);
      sequence.pass(last, place);
    }
  }

  /** The size of the members at one offset. */
  private static final class Sequence {
    private long size;

    void pass(@Nullable Place last, Place place) {
      if (last == null
          || size == 0
          || last.offset != place.offset
          || (!last.isBitfield() && place.isBitfield())) {
        size = place.size;
      }
    }
  }

  /** What is said in front of a member that begins where the one before it hasn't ended. */
  private boolean between(Place last, Place place, Sequence sequence, Style style) {
    if (last.bitHole != 0 && place.isBitfield()) {
      boolean isNext = last.offset != place.offset;
      if (isNext) {
        out.append('\n').append(style.tabs());
        out.append("/* Force alignment to the next boundary: */\n");
      }
      out.append(style.tabs());
      types.write(place.type, "", style, false);
      out.append(':').append(isNext ? 0 : last.bitHole).append(";\n");
    }
    long behind = place.offset - last.offset;
    if (behind < 0 || (behind == 0 && !last.isBitfield() && place.isBitfield())) {
      return combined("previous", style);
    }
    return behind > 0 && behind < sequence.size && combined("next", style);
  }

  private boolean combined(String with, Style style) {
    out.append('\n').append(style.tabs());
    out.append("/* Bitfield combined with ").append(with).append(" fields */\n");
    return true;
  }

  /** What is said behind a member of gaps. */
  private boolean behind(Place place, Style style, Gaps gaps) {
    boolean said = false;
    if (place.type instanceof StructType inner && !inner.isUnion()) {
      String within = gaps.within(layout(inner));
      if (!within.isEmpty()) {
        out.append("\n\n").append(style.tabs());
        out.append("/* XXX last struct has").append(within).append(" */");
        said = true;
      }
    }
    said |= hole(place.bitHole, "bit", style, said ? "\n" : "\n\n", "");
    said |= hole(place.hole, "byte", style, said ? "\n" : "\n\n", "");
    return said;
  }

  private boolean hole(long size, String unit, Style style, String before, String after) {
    if (size == 0 || (size < 0 && unit.equals("byte"))) {
      return false;
    }
    out.append(before).append(style.tabs()).append("/* XXX ").append(size).append(' ').append(unit);
    out.append(size == 1 ? "" : "s").append(" hole, try to pack */").append(after);
    return true;
  }

  /** A member with its place; its line isn't ended. */
  void member(Place place, Style outer, boolean isOfUnion, boolean isPacked) {
    long offset = outer.isRelative() ? place.offset : place.offset + outer.base();
    Style style = isOfUnion || outer.isRelative() ? outer : outer.at(offset);
    boundary(offset, style);
    int from = out.length();
    String name = place.name;
    boolean isInline = isTagged(place) && tag(place).isEmpty();
    types.write(place.type, isTagged(place) ? "" : name, style, isPacked);
    if (isTagged(place) && !name.isEmpty()) {
      out.append(isInline ? " " : "").append(name);
    }
    if (place.isBitfield()) {
      out.append(':').append(place.bitfieldSize);
    }
    int width = out.length();
    out.append(place.alignment == 0 ? "" : aligned(place.alignment));
    width = out.length() - width;
    out.append(';');
    int spaces = style.typeWidth() + style.nameWidth();
    if (isInline) {
      int packed = isPackedInline(place, isPacked) ? "__attribute__((__packed__))".length() + 1 : 0;
      spaces = Math.abs(spaces - width - (name.isEmpty() ? -1 : name.length()) - packed - 3);
    } else {
      spaces -= out.length() - from;
    }
    out.append(" ".repeat(Math.max(spaces, 1)));
    place(place, offset);
    if (place.fault.isPresent()) {
      fault(name + ": " + place.fault.get());
    }
  }

  private boolean isPackedInline(Place place, boolean isPacked) {
    return place.plain instanceof StructType struct
        && !struct.isUnion()
        && (isPacked || layout(struct).isPacked);
  }

  private static boolean isTagged(Place place) {
    return place.type instanceof StructType || place.type instanceof EnumType;
  }

  private static String tag(Place place) {
    return place.type instanceof StructType struct
        ? struct.tag()
        : place.type instanceof EnumType values ? values.tag() : "";
  }

  private void place(Place place, long offset) {
    out.append("/* ");
    right(offset, 5);
    if (place.isBitfield()) {
      out.append(':');
      right(place.bitsIn, 2);
    }
    out.append(' ');
    if (place.isOnlyPlace()) {
      out.append("    ?");
    } else {
      right(place.size, place.isBitfield() ? 2 : 5);
    }
    out.append(" */");
    if (place.fault.isPresent()) {
      out.append(" /* ").append(place.fault.get()).append(" */");
    }
  }

  private void right(long number, int width) {
    String text = Long.toString(number);
    out.append(" ".repeat(Math.max(0, width - text.length()))).append(text);
  }

  private static String aligned(long alignment) {
    return " __attribute__((__aligned__(" + alignment + ")))";
  }

  private void boundary(long offset, Style style) {
    long line = offset / CACHE_LINE;
    if (line <= cacheLine) {
      return;
    }
    long into = offset % CACHE_LINE;
    out.append("/* --- cacheline ").append(line).append(" boundary (").append(offset - into);
    out.append(" bytes) ");
    if (into != 0) {
      out.append("was ").append(into).append(into > 1 ? " bytes ago " : " byte ago ");
    }
    out.append("--- */\n").append(style.tabs());
    cacheLine = line;
  }

  /** A member by itself. */
  void alone(Place place) {
    cacheLine = Long.MAX_VALUE; // of no matter
    member(place, Style.outermost(false), true, false);
  }

  /** A member's type; where it can't be told a question mark. */
  void unknown(VmcoreException e) {
    fault(e.reason());
  }
}
