package org.vmcore.debuginfo.dwarf;

import static org.vmcore.debuginfo.dwarf.DwarfCodes.DW_LANG_C99;
import static org.vmcore.debuginfo.dwarf.DwarfCodes.DW_UT_COMPILE;

/** {@code .debug_info} as it grows: units, one behind the other, and entries in them. */
final class Units {
  private static final int VERSION = 5;
  private static final String PRODUCER = "vmcore, from the kernel's BTF";
  private static final String FOLDER = "/";

  private final DwarfBuffer out;
  private final DebugStrings strings;
  private final int addressSize;
  private final Addresses addresses;
  private int start;

  Units(DwarfBuffer out, DebugStrings strings, int addressSize, Addresses addresses) {
    this.out = out;
    this.strings = strings;
    this.addressSize = addressSize;
    this.addresses = addresses;
  }

  DwarfBuffer out() {
    return out;
  }

  DebugStrings strings() {
    return strings;
  }

  int addressSize() {
    return addressSize;
  }

  /** Begins a unit without code. */
  void begin(String name) {
    begin(Abbreviation.TYPE_UNIT, name);
  }

  /** Begins a unit with the code from {@code low} on; its end is told when it ends. */
  int begin(String name, long low) {
    begin(Abbreviation.CODE_UNIT, name);
    address(low);
    out.u32(0);
    return out.size() - Integer.BYTES;
  }

  private void begin(Abbreviation form, String name) {
    start = out.size();
    out.u32(0); // unit_length
    out.u16(VERSION);
    out.u8(DW_UT_COMPILE);
    out.u8(addressSize);
    out.u32(0); // debug_abbrev_offset
    out.uleb(form.code());
    out.u32(strings.of(PRODUCER));
    out.u8(DW_LANG_C99);
    out.u32(strings.of(name));
    out.u32(strings.of(FOLDER));
  }

  void end() {
    out.u8(0); // no further entry
    out.put32(start, out.size() - start - Integer.BYTES);
  }

  /** Where the unit begins that is written. */
  int start() {
    return start;
  }

  /** Begins an entry. */
  void entry(Abbreviation form) {
    out.u8(form.code()); // there are fewer than 128
  }

  /** Leaves room for {@code DW_AT_sibling}. */
  int sibling() {
    out.u32(0);
    return out.size() - Integer.BYTES;
  }

  /** Ends the entries inside of one that began with {@link #sibling}. */
  void endChildren(int sibling) {
    out.u8(0);
    out.put32(sibling, out.size() - start);
  }

  void address(long virtual) {
    long placed = addresses.place(virtual, out.size());
    if (addressSize == Long.BYTES) {
      out.u64(placed);
    } else {
      out.u32((int) placed);
    }
  }
}
