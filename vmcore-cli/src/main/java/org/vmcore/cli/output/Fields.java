package org.vmcore.cli.output;

import java.util.ArrayList;
import java.util.List;

/** The fields of a document, or of each record in a list, in the order of the JSON. */
public final class Fields {
  /** There is nothing that is printed as JSON. */
  public static final Fields NONE = new Fields();

  /** The field of a document that is one of several. */
  static final String FILE = "file";

  private final List<Field> all = new ArrayList<>();
  private List<Field> columns = List.of();
  private String others = "";

  /** The fields of a record. */
  public Fields() {}

  /** The fields of a document that isn't about one dump. */
  public static Fields document() {
    Fields fields = new Fields();
    fields.number("schema", "The version of the JSON: 1.");
    fields.text("command", "The command that printed it.");
    Failure.addTo(fields);
    return fields;
  }

  /** The fields of a document about one dump. */
  public static Fields ofDump() {
    Fields fields = document();
    fields.text("dump", "The dump as it was named.");
    return fields;
  }

  /** The fields of a document about one dump, of which there may be several. */
  public static Fields ofDumps() {
    Fields fields = ofDump();
    fields
        .text(FILE, "Of several dumps: the file, as it was named or found in a folder.")
        .optional();
    return fields;
  }

  public Field address(String name, String meaning) {
    return add(name, Kind.ADDRESS, meaning);
  }

  /** An offset, in the image unless {@code meaning} says something else. */
  public Field offset(String name, String meaning) {
    return add(name, Kind.OFFSET, meaning);
  }

  public Field size(String name, String meaning) {
    return add(name, Kind.SIZE, meaning);
  }

  /** A word that is no number. */
  public Field bits(String name, String meaning) {
    return add(name, Kind.BITS, meaning);
  }

  public Field count(String name, String meaning) {
    return add(name, Kind.COUNT, meaning);
  }

  public Field index(String name, String meaning) {
    return add(name, Kind.INDEX, meaning);
  }

  public Field number(String name, String meaning) {
    return add(name, Kind.NUMBER, meaning);
  }

  public Field text(String name, String meaning) {
    return add(name, Kind.TEXT, meaning);
  }

  public Field flag(String name, String meaning) {
    return add(name, Kind.FLAG, meaning);
  }

  public Field texts(String name, String meaning) {
    return add(name, Kind.TEXTS, meaning);
  }

  /** An object with {@code members}. */
  public Field object(String name, Fields members, String meaning) {
    return add(name, Kind.OBJECT, members, meaning);
  }

  /** A list of objects, each of which has {@code members}. */
  public Field records(String name, Fields members, String meaning) {
    return add(name, Kind.RECORDS, members, meaning);
  }

  /** A column of the table that JSON has in another form. */
  public Field column(String title, String meaning) {
    return add(title, Kind.TEXT, meaning).titled(title).textOnly();
  }

  public Field add(String name, Kind kind, String meaning) {
    return add(name, kind, NONE, meaning);
  }

  private Field add(String name, Kind kind, Fields members, String meaning) {
    Field field = new Field(name, kind, meaning, all.size(), members);
    all.add(field);
    return field;
  }

  /**
   * There are more, whose names the user gives: texts or numbers.
   *
   * @param meaning what they are
   */
  public void others(String meaning) {
    others = meaning;
  }

  /** What more fields there are, with names that the user gives; empty when there are none. */
  public String others() {
    return others;
  }

  /** The table's columns, where their order isn't that of the JSON. */
  public void columns(Field... inOrder) {
    columns = List.of(inOrder);
  }

  /** The table's columns. */
  public List<Field> columns() {
    if (!columns.isEmpty()) {
      return columns;
    }
    List<Field> titled = new ArrayList<>();
    for (Field field : all) {
      if (!field.title().isEmpty()) {
        titled.add(field);
      }
    }
    return titled;
  }

  /** All fields, those included that only text or only JSON has. */
  public List<Field> all() {
    return all;
  }
}
