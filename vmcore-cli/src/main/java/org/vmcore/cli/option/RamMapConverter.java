package org.vmcore.cli.option;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses a map of RAM, {@code RANGE@OFFSET,…} or {@code RANGE@FILE:OFFSET,…}. */
final class RamMapConverter implements ITypeConverter<RamMapArgument> {
  @Override
  public RamMapArgument convert(String value) {
    List<RamMapArgument.Part> parts = new ArrayList<>();
    try {
      for (String part : value.split(",", -1)) {
        parts.add(part(part));
      }
      return new RamMapArgument(parts);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("'" + value + "': " + e.getMessage());
    }
  }

  /** A file's name may have an @ or a colon in it; addresses and offsets have none. */
  private static RamMapArgument.Part part(String part) {
    int at = part.indexOf('@');
    if (at < 0) {
      throw new TypeConversionException("'" + part + "' is not FROM-TO@OFFSET");
    }
    int colon = part.lastIndexOf(':');
    if (colon == at + 1) {
      throw new TypeConversionException("'" + part + "' names no file in front of the colon");
    }
    return new RamMapArgument.Part(
        RangeConverter.parse(part.substring(0, at)),
        colon < at
            ? Optional.empty()
            : Optional.of(PathConverter.path(part.substring(at + 1, colon))),
        Numbers.parse(part.substring(Math.max(at, colon) + 1)));
  }
}
