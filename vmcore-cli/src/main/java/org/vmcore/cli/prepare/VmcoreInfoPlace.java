package org.vmcore.cli.prepare;

import java.util.OptionalLong;
import org.vmcore.cli.option.AddressRange;
import org.vmcore.headers.PhysicalRange;
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
  PhysicalRange area() {
    return PhysicalRange.ofSize(address, size.orElse(USUAL_SIZE));
  }

  /** Parses a place out of an option. */
  static final class Converter implements ITypeConverter<VmcoreInfoPlace> {
    @Override
    public VmcoreInfoPlace convert(String value) {
      if (value.indexOf('+') < 0) {
        AddressRange usual = AddressRange.parse(value + "+" + USUAL_SIZE);
        return new VmcoreInfoPlace(usual.start(), OptionalLong.empty());
      }
      AddressRange range = AddressRange.parse(value);
      return new VmcoreInfoPlace(range.start(), OptionalLong.of(range.size()));
    }
  }
}
