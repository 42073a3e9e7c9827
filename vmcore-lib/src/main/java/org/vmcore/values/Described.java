package org.vmcore.values;

import java.util.Map;
import java.util.OptionalLong;

/**
 * A record as text, as records show themselves, but addresses, offsets and sizes in hexadecimal.
 */
public final class Described {
  private final StringBuilder text;
  private boolean isFirst = true;

  private Described(String name) {
    text = new StringBuilder(name).append('[');
  }

  /** Begins a record of this name. */
  public static Described as(String name) {
    return new Described(name);
  }

  /** A number in hexadecimal, unsigned. */
  public Described hex(String component, long value) {
    return add(component, Hex.of(value));
  }

  /** A number in hexadecimal, or {@code -}. */
  public Described hex(String component, OptionalLong value) {
    return add(component, value.isPresent() ? Hex.of(value.getAsLong()) : "-");
  }

  /** Numbers in hexadecimal, by name. */
  public Described hex(String component, Map<String, Long> values) {
    StringBuilder numbers = new StringBuilder("{");
    values.forEach(
        (name, value) ->
            numbers
                .append(numbers.length() > 1 ? ", " : "")
                .append(name)
                .append('=')
                .append(Hex.of(value)));
    return add(component, numbers.append('}'));
  }

  /** Anything else, as it shows itself. */
  public Described add(String component, Object value) {
    text.append(isFirst ? "" : ", ").append(component).append('=').append(value);
    isFirst = false;
    return this;
  }

  /** The text so far, closed. */
  @Override
  public String toString() {
    return text + "]";
  }
}
