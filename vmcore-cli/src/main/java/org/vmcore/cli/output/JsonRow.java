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
    // No switch over types: its bootstrap loads fifty classes.
    Object value = other(field);
    if (value instanceof String text) {
      json.put(field, text);
    } else if (value instanceof Boolean flag) {
      json.put(field, flag.booleanValue());
    } else if (value instanceof Map<?, ?> values) {
      json.put(field, values);
    }
  }
}
