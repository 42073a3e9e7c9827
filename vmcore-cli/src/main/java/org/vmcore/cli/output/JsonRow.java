package org.vmcore.cli.output;

import java.util.Map;

/** Writes records as objects of a JSON array. */
final class JsonRow extends Row {
  private final Json json;
  private final Fields fields;

  JsonRow(Json json, Fields fields) {
    super(fields);
    this.json = json;
    this.fields = fields;
  }

  @Override
  public boolean wants(Field field) {
    return !field.isTextOnly();
  }

  @Override
  void write() {
    json.object();
    for (Field field : fields.all()) {
      if (isSet(field) && !field.isTextOnly()) {
        put(field);
      }
    }
    json.end();
  }

  private void put(Field field) {
    if (isNumber(field)) {
      json.put(field, number(field));
      return;
    }
    switch (other(field)) {
      case String text -> json.put(field, text);
      case Boolean flag -> json.put(field, flag.booleanValue());
      case Map<?, ?> values -> json.put(field, values);
      default -> throw new IllegalStateException(field.name());
    }
  }
}
