package org.vmcore.cli.map;

import org.vmcore.cli.output.HumanSize;
import org.vmcore.memory.AddressRange;
import org.vmcore.values.Hex;
import org.vmcore.values.Printable;

/** Draws memory as an SVG picture that needs nothing but itself. */
final class StripSvg implements Strip.Lines {
  private static final int CELL = 6;
  private static final int LINE = 16;
  private static final int MARGIN = 16;
  private static final int LABEL = 160;
  private static final int TOP = 92;
  private static final int LEGEND = 150;

  private final StringBuilder body = new StringBuilder();
  private final int width;
  private final long cell;
  private int y = TOP;

  /** A picture of lines of {@code width} cells. */
  StripSvg(int width, long cell) {
    this.width = width;
    this.cell = cell;
  }

  @Override
  public void line(long start, MapState[] cells) {
    text(MARGIN, y + 11, Hex.of(start));
    for (int i = 0; i < cells.length; ) {
      int end = i + 1;
      while (end < cells.length && cells[end] == cells[i]) {
        end++;
      }
      rectangle(LABEL + i * CELL, y, (end - i) * CELL, LINE - 3, cells[i]);
      AddressRange range = AddressRange.ofSize(start + i * cell, (end - i) * cell);
      String size = HumanSize.of((end - i) * cell);
      body.append("<title>").append(range).append(": ").append(cells[i].words());
      body.append(", ").append(size).append("</title></rect>\n");
      i = end;
    }
    y += LINE;
  }

  @Override
  public void gap(long start, long size) {
    text(LABEL, y + 11, "\u22ee " + HumanSize.of(size) + " without RAM");
    y += LINE;
  }

  private void rectangle(int x, int top, int wide, int high, MapState state) {
    body.append("<rect x=\"").append(x).append("\" y=\"").append(top);
    body.append("\" width=\"").append(wide).append("\" height=\"").append(high);
    body.append("\" fill=\"").append(state.colour()).append("\">");
  }

  private void text(int x, int bottom, String text) {
    body.append("<text x=\"").append(x).append("\" y=\"").append(bottom).append("\">");
    body.append(escaped(text)).append("</text>\n");
  }

  /** The picture, with the dump's name and what the colours mean. */
  String picture(String name, Runs runs) {
    text(MARGIN, 24, name + ": " + HumanSize.of(runs.ram()) + " of RAM");
    text(MARGIN, 44, "A cell is " + HumanSize.of(cell) + " of physical memory.");
    int x = MARGIN;
    for (MapState state : MapState.values()) {
      if (runs.size(state) > 0) {
        rectangle(x, 57, 14, 14, state);
        body.append("</rect>\n");
        text(x + 20, 69, state.words() + " " + HumanSize.of(runs.size(state)));
        x += LEGEND + 4 * CELL;
      }
    }
    int wide = Math.max(LABEL + width * CELL, x) + MARGIN;
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\""
        + wide
        + "\" height=\""
        + (y + MARGIN)
        + "\" font-family=\"monospace\" font-size=\"12\">\n<title>"
        + escaped(name)
        + "</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
        + body
        + "</svg>\n";
  }

  private static String escaped(String text) {
    String printable = Printable.text(text);
    return printable.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
