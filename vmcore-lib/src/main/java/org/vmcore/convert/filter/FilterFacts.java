package org.vmcore.convert.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.types.Field;
import org.vmcore.memory.VmcoreException;

/**
 * What the filter has to know of a kernel: VMCOREINFO's line, else what the kernel's types tell.
 * What neither has is noted.
 */
final class FilterFacts {
  private final Kernel kernel;
  private final boolean areTypesRead;
  private final Optional<VmcoreInfo> info;
  private final List<String> missing = new ArrayList<>();

  /**
   * @param areTypesRead whether the kernel's types are asked for what VMCOREINFO doesn't tell
   */
  FilterFacts(Kernel kernel, boolean areTypesRead) throws VmcoreException {
    this.kernel = kernel;
    this.areTypesRead = areTypesRead;
    this.info = kernel.info();
  }

  private long required(OptionalLong value, String key) {
    if (value.isEmpty()) {
      missing.add(key);
    }
    return value.orElse(0);
  }

  long symbol(String name) {
    return required(
        info.isEmpty() ? OptionalLong.empty() : info.get().symbol(name), "SYMBOL(" + name + ")");
  }

  long length(String array) {
    return required(knownLength(array), "LENGTH(" + array + ")");
  }

  OptionalLong knownLength(String array) {
    return info.isEmpty() ? OptionalLong.empty() : info.get().length(array);
  }

  OptionalLong knownNumber(String name) {
    return info.isEmpty() ? OptionalLong.empty() : info.get().number(name);
  }

  OptionalLong knownOffset(String field) {
    return info.isEmpty() ? OptionalLong.empty() : info.get().offset(field);
  }

  /** The size of a structure in bytes, which is from {@code least} to {@code most}. */
  int size(String struct, int least, int most) throws VmcoreException {
    OptionalLong known = info.isEmpty() ? OptionalLong.empty() : info.get().size(struct);
    if (known.isEmpty() && areTypesRead) {
      known = OptionalLong.of(kernel.types().struct(struct).map(each -> each.size()).orElse(0L));
    }
    return bounded(known, "SIZE(" + struct + ")", least, most);
  }

  /**
   * The place of the first of these fields that there is, whose {@code bytes} lie in front of
   * {@code end}.
   */
  int offset(int end, int bytes, String struct, String... fields) throws VmcoreException {
    OptionalLong known = OptionalLong.empty();
    for (int i = 0; i < fields.length && known.isEmpty(); i++) {
      known = knownOffset(struct + "." + fields[i]);
    }
    for (int i = 0; areTypesRead && i < fields.length && known.isEmpty(); i++) {
      Optional<Field> field = kernel.types().field(struct, fields[i]);
      known = field.isEmpty() ? known : OptionalLong.of(field.get().offset());
    }
    return bounded(known, "OFFSET(" + struct + "." + fields[0] + ")", 0, end - bytes);
  }

  private int bounded(OptionalLong value, String key, int least, int most) {
    boolean isGood = value.isPresent() && value.getAsLong() >= least && value.getAsLong() <= most;
    if (!isGood) {
      missing.add(key);
    }
    return isGood ? (int) value.getAsLong() : least;
  }

  /** A flag of struct page as a mask. */
  long flag(String name) throws VmcoreException {
    OptionalLong bit = knownNumber(name);
    return mask(bit.isPresent() || !areTypesRead ? bit : kernel.types().enumerator(name), name);
  }

  /** The same; 0 where VMCOREINFO doesn't tell of it. */
  long knownFlag(String name) {
    OptionalLong bit = knownNumber(name);
    return bit.isEmpty() ? 0 : mask(bit, name);
  }

  private long mask(OptionalLong bit, String name) {
    boolean isGood = bit.isPresent() && bit.getAsLong() >= 0 && bit.getAsLong() < Long.SIZE;
    if (!isGood) {
      missing.add("NUMBER(" + name + ")");
    }
    return isGood ? 1L << bit.getAsLong() : 0;
  }

  /** A page type; empty where VMCOREINFO doesn't tell of it. */
  OptionalInt knownType(String name) {
    OptionalLong value = knownNumber("PAGE_" + name + "_MAPCOUNT_VALUE");
    return value.isEmpty() ? OptionalInt.empty() : OptionalInt.of((int) value.getAsLong());
  }

  /**
   * A page type that the kernel has: of the kernel's types either the top byte is it, or each is a
   * bit that is cleared.
   */
  OptionalInt type(String name) throws VmcoreException {
    OptionalInt known = knownType(name);
    if (known.isPresent() || !areTypesRead) {
      return known;
    }
    String lower = name.toLowerCase(Locale.ROOT);
    OptionalLong byTop = kernel.types().enumerator("PGTY_" + lower);
    if (byTop.isPresent()) {
      return OptionalInt.of((int) byTop.getAsLong() << 24);
    }
    OptionalLong byBit = kernel.types().enumerator("PG_" + lower);
    return byBit.isPresent() && byBit.getAsLong() >= Long.SIZE
        ? OptionalInt.of((int) ~byBit.getAsLong())
        : OptionalInt.empty();
  }

  /** The type of slabs; empty where VMCOREINFO tells of a flag, so that types needn't be read. */
  OptionalInt slabType() throws VmcoreException {
    OptionalInt known = knownType("SLAB");
    return known.isPresent() || knownNumber("PG_slab").isPresent() ? known : type("SLAB");
  }

  /** A page type; noted as missing where neither tells of it. */
  OptionalInt requiredType(String name) throws VmcoreException {
    OptionalInt known = type(name);
    if (known.isEmpty()) {
      missing.add("NUMBER(PAGE_" + name + "_MAPCOUNT_VALUE)");
    }
    return known;
  }

  /** What is missing since the last call. */
  List<String> takeMissing() {
    List<String> taken = List.copyOf(missing);
    missing.clear();
    return taken;
  }
}
