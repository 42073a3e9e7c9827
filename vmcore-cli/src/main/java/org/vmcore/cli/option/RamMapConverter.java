package org.vmcore.cli.option;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.memory.AddressRange;
import org.vmcore.open.RamMap;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses a map of RAM, {@code RANGE@OFFSET,…}. */
final class RamMapConverter implements ITypeConverter<RamMap> {
  @Override
  public RamMap convert(String value) {
    List<RamMap.Range> ranges = new ArrayList<>();
    try {
      for (String part : value.split(",", -1)) {
        ranges.add(range(part));
      }
      return new RamMap(ranges);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("'" + value + "': " + e.getMessage());
    }
  }

  private static RamMap.Range range(String part) {
    int at = part.indexOf('@');
    if (at < 0) {
      throw new TypeConversionException("'" + part + "' is not FROM-TO@OFFSET");
    }
    AddressRange range = RangeConverter.parse(part.substring(0, at));
    return new RamMap.Range(range.start(), range.last(), Numbers.parse(part.substring(at + 1)));
  }
}
