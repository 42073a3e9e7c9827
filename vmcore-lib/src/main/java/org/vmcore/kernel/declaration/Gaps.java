package org.vmcore.kernel.declaration;

/** Sums over the members of a structure: what they take, and the gaps within them and between. */
final class Gaps {
  private long bytes;
  private long bits;
  private long holes;
  private long bitHoles;
  private int forced;
  private int forcedHoles;
  private long sumForcedHoles;
  private int paddings;
  private long sumPaddings;
  private int bitPaddings;
  private long sumBitPaddings;
  private int withHoles;
  private long holesWithin;
  private int withBitHoles;
  private long bitHolesWithin;

  void before(Layout layout) {
    holes += layout.holeBefore;
    bitHoles += layout.bitHoleBefore;
  }

  void add(Place place) {
    holes += place.hole;
    bitHoles += place.bitHole;
    if (place.isBitfield()) {
      bits += place.bitfieldSize;
    } else {
      bytes += place.size;
    }
  }

  /** A member that is aligned, behind a hole of this size. */
  void force(long hole) {
    forced++;
    forcedHoles += hole != 0 ? 1 : 0;
    sumForcedHoles += hole;
  }

  /** What is said of the gaps within a member; empty where it has none. */
  String within(Layout inner) {
    StringBuilder text = new StringBuilder();
    if (inner.padding != 0) {
      paddings++;
      sumPaddings += inner.padding;
      part(text, inner.padding, "byte", " of padding");
    }
    if (inner.bitPadding != 0) {
      bitPaddings++;
      sumBitPaddings += inner.bitPadding;
      part(text, inner.bitPadding, "bit", " of padding");
    }
    if (inner.holes != 0) {
      withHoles++;
      holesWithin += inner.holes;
      part(text, inner.holes, "hole", "");
    }
    if (inner.bitHoles != 0) {
      withBitHoles++;
      bitHolesWithin += inner.bitHoles;
      part(text, inner.bitHoles, "bit hole", "");
    }
    return text.toString();
  }

  private static void part(StringBuilder text, long count, String what, String behind) {
    text.append(text.isEmpty() ? " " : ", ").append(count).append(' ').append(what);
    text.append(count != 1 ? "s" : "").append(behind);
  }

  /** The lines at the end of a structure. */
  void write(StringBuilder out, String tabs, Layout layout) {
    sums(out, tabs, layout);
    line(out, tabs, layout.padding, "padding: " + layout.padding);
    line(out, tabs, withHoles + withBitHoles + bitPaddings, "member types with " + within());
    line(out, tabs, paddings, "paddings: " + paddings + ", sum paddings: " + sumPaddings);
    line(out, tabs, layout.bitPadding, "bit_padding: " + layout.bitPadding + " bits");
    String holes = ", forced holes: " + forcedHoles + ", sum forced holes: " + sumForcedHoles;
    line(out, tabs, forced, "forced alignments: " + forced + (forcedHoles != 0 ? holes : ""));
  }

  private void sums(StringBuilder out, String tabs, Layout layout) {
    if (holes <= 0 && bitHoles <= 0) {
      return;
    }
    String sum = holes > 0 ? ", holes: " + layout.holes + ", sum holes: " + holes : "";
    line(out, tabs, bytes, "sum members: " + bytes + sum);
    String sumBits =
        bitHoles > 0
            ? ", bit holes: " + layout.bitHoles + ", sum bit holes: " + bitHoles + " bits"
            : " (" + bits / 8 + " bytes)";
    line(out, tabs, bits, "sum bitfield members: " + bits + " bits" + sumBits);
  }

  private String within() {
    StringBuilder text = new StringBuilder();
    if (withHoles != 0) {
      text.append("holes: ").append(withHoles).append(", total: ").append(holesWithin);
    }
    if (withBitHoles != 0) {
      text.append(text.isEmpty() ? "" : ", ").append("bit holes: ").append(withBitHoles);
      text.append(", total: ").append(bitHolesWithin);
    }
    if (bitPaddings != 0) {
      text.append(text.isEmpty() ? "" : ", ").append("bit paddings: ").append(bitPaddings);
      text.append(", total: ").append(sumBitPaddings).append(sumBitPaddings > 1 ? " bits" : " bit");
    }
    return text.toString();
  }

  private static void line(StringBuilder out, String tabs, long count, String text) {
    if (count > 0) {
      out.append(tabs).append("/* ").append(text).append(" */\n");
    }
  }
}
