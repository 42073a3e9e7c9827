package org.vmcore.cli.map;

import org.vmcore.memory.PageState;

/** What is drawn of memory, each by a letter and a colour. */
enum MapState {
  PRESENT(0, "present", 'P', 44, "#3f7fbf"),
  EXCLUDED(1, "excluded", 'X', 100, "#b9c0c7"),
  LOST(2, "lost", 'L', 41, "#d03030"),
  /** Present pages of which only a part is RAM: the kernel copies them. */
  BUFFER(3, "buffer", 'B', 43, "#f0a020"),
  NOT_RAM(4, "not_ram", '.', 0, "#f2f3f4");

  private final int index;
  private final String label;
  private final char letter;
  private final int background;
  private final String colour;

  MapState(int index, String label, char letter, int background, String colour) {
    this.index = index;
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

  /** Its place among them, from 0 on. */
  int index() {
    return index;
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
