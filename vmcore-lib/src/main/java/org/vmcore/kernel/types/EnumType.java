package org.vmcore.kernel.types;

import java.util.List;
import java.util.Optional;
import org.vmcore.values.Described;

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
  public record Enumerator(String name, long value) {
    /** Addresses, offsets and sizes are hexadecimal. */
    @Override
    public String toString() {
      return Described.as("EnumType.Enumerator").add("name", name).add("value", value).toString();
    }
  }

  /** The first name of this value. */
  public Optional<String> nameOf(long value) {
    for (Enumerator each : values) {
      if (each.value() == value) {
        return Optional.of(each.name());
      }
    }
    return Optional.empty();
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("EnumType")
        .add("tag", tag)
        .hex("size", size)
        .add("isSigned", isSigned)
        .add("values", values)
        .toString();
  }
}
