package org.vmcore.cli.prepare;

import java.util.OptionalLong;
import org.vmcore.cli.option.RangeConverter;
import org.vmcore.memory.AddressRange;
import picocli.CommandLine.ITypeConverter;

/**
 * Where VMCOREINFO's note is, {@code ADDR[+SIZE]}.
 *
 * @param address a physical address
 * @param size in bytes, when it was told
 */
record VmcoreInfoPlace(long address, OptionalLong size) {
  /** VMCOREINFO_NOTE_SIZE with pages of 4 KiB. */
  private static final long USUAL_SIZE = 0x1024;

  /** What a PT_NOTE describes. */
  AddressRange area() {
    return AddressRange.ofSize(address, size.orElse(USUAL_SIZE));
  }

  /** Parses a place out of an option. */
  static final class Converter implements ITypeConverter<VmcoreInfoPlace> {
    @Override
    public VmcoreInfoPlace convert(String value) {
      if (value.indexOf('+') < 0) {
        AddressRange usual = RangeConverter.parse(value + "+" + USUAL_SIZE);
        return new VmcoreInfoPlace(usual.start(), OptionalLong.empty());
      }
      AddressRange range = RangeConverter.parse(value);
      return new VmcoreInfoPlace(range.start(), OptionalLong.of(range.size()));
    }
  }
}
