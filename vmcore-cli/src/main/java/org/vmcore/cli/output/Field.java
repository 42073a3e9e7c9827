package org.vmcore.cli.output;

import java.util.List;

/**
 * One thing that a command tells, declared once: its name in JSON, its kind, what it means, and
 * what text calls it. Tables, JSON, its schema and the documentation are made from that.
 */
public final class Field {
  /** The width of a column that is as wide as its widest value. */
  static final int MEASURED = -1;

  private final String name;
  private final Kind kind;
  private final String meaning;
  private final int slot;
  private final Fields members;
  private List<String> values = List.of();
  private String title = "";
  private int width = MEASURED;
  private boolean isOptional;
  private boolean isTextOnly;
  private boolean isDashed;

  Field(String name, Kind kind, String meaning, int slot, Fields members) {
    this.name = name;
    this.kind = kind;
    this.meaning = meaning;
    this.slot = slot;
    this.members = members;
  }

  /** Text shows it, too: as the column, or the line, {@code title}. */
  public Field titled(String title) {
    this.title = title;
    return this;
  }

  /** The column's width, at least its title's; else it is as wide as its widest value. */
  public Field wide(int width) {
    this.width = width;
    return this;
  }

  /** A table shows a dash in place of an empty text. */
  public Field dashed() {
    isDashed = true;
    return this;
  }

  /** What isn't known or doesn't apply is left out. */
  public Field optional() {
    isOptional = true;
    return this;
  }

  /** One of these texts and no other. */
  public Field oneOf(String... values) {
    this.values = List.of(values);
    return this;
  }

  /** Text has it, JSON has not. */
  Field textOnly() {
    isTextOnly = true;
    return this;
  }

  /** Its name in JSON. */
  public String name() {
    return name;
  }

  public Kind kind() {
    return kind;
  }

  /** What it means, as a sentence or two. */
  public String meaning() {
    return meaning;
  }

  /** What text calls it; nothing when text doesn't show it. */
  public String title() {
    return title;
  }

  boolean isDashed() {
    return isDashed;
  }

  int width() {
    return width;
  }

  /** Its place in the record. */
  int slot() {
    return slot;
  }

  public boolean isOptional() {
    return isOptional;
  }

  public boolean isTextOnly() {
    return isTextOnly;
  }

  /** The texts that it may be; empty when it may be any. */
  public List<String> values() {
    return values;
  }

  /** The fields of the objects that it holds. */
  public Fields members() {
    return members;
  }
}
