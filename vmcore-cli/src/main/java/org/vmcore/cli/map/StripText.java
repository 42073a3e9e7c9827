package org.vmcore.cli.map;

import org.vmcore.cli.output.HumanSize;
import org.vmcore.cli.output.TextOut;

/** Draws memory with letters, coloured where that is wanted. */
final class StripText implements Strip.Lines {
  private final TextOut out;
  private final int digits;
  private final boolean isColoured;

  /**
   * A drawing.
   *
   * @param digits of the addresses at the starts of lines
   */
  StripText(TextOut out, int digits, boolean isColoured) {
    this.out = out;
    this.digits = digits;
    this.isColoured = isColoured;
  }

  @Override
  public void line(long start, MapState[] cells) {
    out.put('0').put('x').digits(start, digits).spaces(2);
    for (int i = 0; i < cells.length; i++) {
      colour(i == 0 ? MapState.NOT_RAM : cells[i - 1], cells[i]);
      out.put(cells[i].letter());
    }
    colour(cells[cells.length - 1], MapState.NOT_RAM);
    out.line();
  }

  @Override
  public void gap(long start, long size) {
    out.spaces(digits + 4).text("... ").text(HumanSize.of(size)).line(" without RAM");
  }

  private void colour(MapState before, MapState state) {
    if (isColoured && before != state) {
      out.put('\u001b').put('[').decimal(state.background()).put('m');
    }
  }

  /** What the letters mean, how much there is of each, and how much one stands for. */
  void legend(Runs runs, long cell) {
    out.line();
    for (MapState state : MapState.values()) {
      if (runs.size(state) > 0) {
        colour(MapState.NOT_RAM, state);
        out.put(state.letter());
        colour(state, MapState.NOT_RAM);
        out.spaces(2).text(state.words()).spaces(10 - state.words().length());
        out.line(HumanSize.of(runs.size(state)) + note(state));
      }
    }
    out.line("A letter stands for " + HumanSize.of(cell) + ".");
  }

  private static String note(MapState state) {
    return switch (state) {
      case LOST -> ": shown where any page is lost";
      case BUFFER -> ": pages that are RAM in part, shown where there is any";
      default -> "";
    };
  }
}
