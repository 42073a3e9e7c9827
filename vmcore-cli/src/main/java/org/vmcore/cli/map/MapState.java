package org.vmcore.cli.map;

import org.vmcore.memory.PageState;

/** What is drawn of memory, each by a letter and a colour. */
enum MapState {
  PRESENT("present", 'P', 44, "#3f7fbf"),
  EXCLUDED("excluded", 'X', 100, "#b9c0c7"),
  LOST("lost", 'L', 41, "#d03030"),
  /** Present pages of which only a part is RAM: the kernel copies them. */
  BUFFER("buffer", 'B', 43, "#f0a020"),
  NOT_RAM("not_ram", '.', 0, "#f2f3f4");

  private final String label;
  private final char letter;
  private final int background;
  private final String colour;

  MapState(String label, char letter, int background, String colour) {
    this.label = label;
    this.letter = letter;
    this.background = background;
    this.colour = colour;
  }

  static MapState of(PageState state) {
    return switch (state) {
      case PRESENT -> PRESENT;
      case EXCLUDED -> EXCLUDED;
      case LOST -> LOST;
      case NOT_RAM -> NOT_RAM;
    };
  }

  /** Its name in JSON. */
  String label() {
    return label;
  }

  /** Its name for people. */
  String words() {
    return this == BUFFER ? "BUFFER" : this == NOT_RAM ? "not RAM" : label;
  }

  char letter() {
    return letter;
  }

  /** The terminal's code for its background; 0 for none. */
  int background() {
    return background;
  }

  /** Its colour in SVG. */
  String colour() {
    return colour;
  }
}
