package org.vmcore.elf;

import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The VMCOREINFO note: what the crashed kernel tells of itself, in lines {@code KEY=VALUE}.
 *
 * <p>A key that isn't there and one whose value is no number both give an empty result. Sources:
 * the kernel's {@code Documentation/admin-guide/kdump/vmcoreinfo.rst} and {@code include/linux/
 * vmcore_info.h}.
 */
public final class VmcoreInfo {
  /** The note's name. */
  public static final String NAME = "VMCOREINFO";

  /** The longest text that is read in bytes; the kernel's own limit is one page. */
  public static final int MAX_SIZE = 1 << 20;

  private final String text;
  private final Map<String, String> values;
  private final Optional<ByteOrder> order;

  private VmcoreInfo(String text, Map<String, String> values, Optional<ByteOrder> order) {
    this.text = text;
    this.values = values;
    this.order = order;
  }

  /** Parses the note's text. Lines without {@code =} are left out; the first of a key counts. */
  public static VmcoreInfo parse(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int start = 0; start < text.length(); ) {
      int end = text.indexOf('\n', start);
      end = end < 0 ? text.length() : end;
      int equals = text.indexOf('=', start);
      if (equals >= 0 && equals < end) {
        values.putIfAbsent(text.substring(start, equals), text.substring(equals + 1, end));
      }
      start = end + 1;
    }
    return new VmcoreInfo(text, Collections.unmodifiableMap(values), Optional.empty());
  }

  /** The same, out of memory in which its note's numbers have this byte order. */
  public VmcoreInfo withOrder(ByteOrder found) {
    return new VmcoreInfo(text, values, Optional.of(found));
  }

  /**
   * The byte order of the kernel, where the note is out of its memory; empty for a note of the
   * dump's, whose numbers have the byte order of the dump's headers.
   */
  public Optional<ByteOrder> order() {
    return order;
  }

  /** The text as it is, each byte one character. */
  public String text() {
    return text;
  }

  /** Every key and its value, in the text's order. */
  public Map<String, String> values() {
    return values;
  }

  /** The value of {@code key} as it is. */
  public Optional<String> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** {@code OSRELEASE}, the kernel's release. */
  public Optional<String> osRelease() {
    return get("OSRELEASE");
  }

  /** {@code PAGESIZE} in bytes. */
  public OptionalLong pageSize() {
    return decimal("PAGESIZE");
  }

  /** {@code CRASHTIME} in seconds since 1970. */
  public OptionalLong crashTime() {
    return decimal("CRASHTIME");
  }

  /** {@code KERNELOFFSET}: how far KASLR moved the kernel, in bytes. */
  public OptionalLong kernelOffset() {
    return hex("KERNELOFFSET");
  }

  /**
   * {@code SYMBOL(name)}: a kernel virtual address, for most names that of the symbol; for {@code
   * mem_section} and {@code vmemmap} the value of that pointer.
   */
  public OptionalLong symbol(String name) {
    return hex("SYMBOL(" + name + ")");
  }

  /** {@code SIZE(name)}: a structure's size in bytes. */
  public OptionalLong size(String name) {
    return decimal("SIZE(" + name + ")");
  }

  /** {@code OFFSET(structure.field)} in bytes. */
  public OptionalLong offset(String field) {
    return decimal("OFFSET(" + field + ")");
  }

  /** {@code LENGTH(array)} in elements. */
  public OptionalLong length(String array) {
    return decimal("LENGTH(" + array + ")");
  }

  /** {@code NUMBER(name)}: signed decimal, or hexadecimal where it begins with 0x. */
  public OptionalLong number(String name) {
    String value = values.get("NUMBER(" + name + ")");
    if (value == null) {
      return OptionalLong.empty();
    }
    return value.startsWith("0x") ? parse(value.substring(2), 16) : parse(value, 10);
  }

  /** Whether {@code CONFIG_name=y} is there. */
  public boolean config(String name) {
    return "y".equals(values.get("CONFIG_" + name));
  }

  private OptionalLong decimal(String key) {
    String value = values.get(key);
    return value == null ? OptionalLong.empty() : parse(value, 10);
  }

  private OptionalLong hex(String key) {
    String value = values.get(key);
    if (value == null) {
      return OptionalLong.empty();
    }
    return parse(value.startsWith("0x") ? value.substring(2) : value, 16);
  }

  private static OptionalLong parse(String digits, int radix) {
    try {
      return OptionalLong.of(
          radix == 16 ? Long.parseUnsignedLong(digits, 16) : Long.parseLong(digits));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public String toString() {
    return NAME + " of " + osRelease().orElse("an unnamed kernel");
  }
}
