package org.vmcore.kernel.types;

import java.util.List;
import java.util.Optional;

/**
 * An enumeration.
 *
 * @param tag its name; empty where it has none
 * @param size in bytes
 * @param isSigned whether its values may be negative
 */
public record EnumType(String tag, long size, boolean isSigned, List<Enumerator> values)
    implements Type {
  /** An unmodifiable copy of the values is kept. */
  public EnumType {
    values = List.copyOf(values);
  }

  /** One of its values. */
  public record Enumerator(String name, long value) {}

  /** The first name of this value. */
  public Optional<String> nameOf(long value) {
    for (Enumerator each : values) {
      if (each.value() == value) {
        return Optional.of(each.name());
      }
    }
    return Optional.empty();
  }
}
