package org.vmcore.debuginfo.globals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.vmcore.debuginfo.globals.GlobalTable.Entry;
import org.vmcore.debuginfo.globals.TypedGlobal.Part;
import org.vmcore.debuginfo.layout.KernelLayout;
import org.vmcore.kernel.btf.TypeRecords;
import org.vmcore.kernel.types.Variable;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;

/**
 * The variables of a kernel whose types are known: those of each CPU, of which BTF tells, and those
 * of the table that the kernel has. A type of the table is taken only where the kernel has it, and
 * where it fits between the symbol and the next one.
 */
public final class Globals {
  private static final String PER_CPU = ".data..percpu";
  private static final int LARGEST_ALIGNMENT = 8;

  private final KernelLayout layout;
  private final TypeRecords types;
  private final Lengths lengths;
  private final List<TypedGlobal> variables = new ArrayList<>();
  private final Map<String, String> leftOut = new LinkedHashMap<>();

  private Globals(KernelLayout layout, TypeRecords types) {
    this.layout = layout;
    this.types = types;
    this.lengths = new Lengths(layout);
  }

  /**
   * Those of a kernel.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public static Globals of(KernelLayout layout, TypeRecords types) throws VmcoreException {
    Globals globals = new Globals(layout, types);
    Set<String> known = globals.ofEachCpu();
    for (Map.Entry<String, List<Entry>> each : GlobalTable.read().entrySet()) {
      if (!known.contains(each.getKey())) {
        globals.add(each.getKey(), each.getValue());
      }
    }
    return globals;
  }

  /** The variables that have a type. */
  public List<TypedGlobal> variables() {
    return List.copyOf(variables);
  }

  /** Those that the kernel has and that were left out, and why. */
  public Map<String, String> leftOut() {
    return Collections.unmodifiableMap(leftOut);
  }

  private Set<String> ofEachCpu() {
    Set<String> names = new HashSet<>();
    AddressRange area = layout.perCpu().orElse(new AddressRange(0, 0));
    for (Variable each : types.variables(PER_CPU)) {
      if (each.offset() <= area.size() && each.size() <= area.size() - each.offset()) {
        long address = area.start() + each.offset();
        boolean isExternal = isExternal(each.name());
        variables.add(TypedGlobal.of(each.name(), address, isExternal, each.typeId()));
        names.add(each.name());
      } else {
        leftOut.put(each.name(), "lies outside of the CPUs' areas");
      }
    }
    return names;
  }

  private boolean isExternal(String name) {
    int symbol = layout.symbols().find(name);
    return symbol >= 0 && Character.isUpperCase(layout.symbols().type(symbol));
  }

  /** Whether it is a function, whatever its letter: since 7.x data may have a T, too. */
  private boolean isInText(long address) {
    OptionalLong start = layout.address("_stext");
    OptionalLong end = layout.address("_etext");
    return start.isPresent()
        && end.isPresent()
        && Long.compareUnsigned(start.getAsLong(), address) <= 0
        && Long.compareUnsigned(address, end.getAsLong()) < 0;
  }

  private void add(String name, List<Entry> entries) throws VmcoreException {
    int symbol = layout.symbols().find(name);
    if (symbol < 0 || !layout.isPlaced(symbol) || isInText(layout.symbols().address(symbol))) {
      return;
    }
    String reason = "";
    for (Entry entry : entries) {
      try {
        variables.add(typed(name, layout.symbols().address(symbol), entry));
        return;
      } catch (DoesNotFit e) {
        reason = e.reason;
      }
    }
    leftOut.put(name, reason);
  }

  /** Why a variable isn't of a type. */
  private static final class DoesNotFit extends Exception {
    private static final long serialVersionUID = 1L;
    private final String reason;

    DoesNotFit(String reason) {
      super(reason, null, false, false);
      this.reason = reason;
    }
  }

  private TypedGlobal typed(String name, long address, Entry entry) throws DoesNotFit {
    Declared declared = Declared.parse(entry.type());
    List<Part> parts = parts(declared);
    int base = parts.isEmpty() ? base(declared.base()) : 0;
    long size = parts.isEmpty() ? size(declared, base) : parts.getLast().end();
    long room = layout.room(address);
    List<Long> counts = counts(declared, address, size, room, entry.rule());
    for (long count : counts) {
      size = Math.multiplyHigh(size, count) == 0 ? size * count : -1;
    }
    if (size <= 0 || size > room) {
      throw new DoesNotFit(
          entry.type() + ": " + size + " bytes, and up to the next symbol are " + room);
    }
    boolean isExternal = isExternal(name);
    return new TypedGlobal(name, address, isExternal, base, parts, declared.layers(), counts);
  }

  private int base(String name) throws DoesNotFit {
    int id = name.equals("void") ? 0 : types.find(name);
    if (id == 0 && !name.equals("void")) {
      throw new DoesNotFit("the kernel has no type " + name);
    }
    return id;
  }

  private long size(Declared declared, int base) throws DoesNotFit {
    return declared.layers().contains(Layer.POINTER) ? types.pointerSize() : size(base);
  }

  private long size(int type) throws DoesNotFit {
    try {
      return types.type(type).size();
    } catch (VmcoreException e) {
      throw new DoesNotFit(e.reason());
    }
  }

  /** As the compiler lays them out: each at a multiple of the power of two that its size is. */
  private List<Part> parts(Declared declared) throws DoesNotFit {
    List<Part> parts = new ArrayList<>();
    long end = 0;
    for (Declared.Part each : declared.parts()) {
      int type = base(each.type());
      long size = size(type);
      long alignment = Math.clamp(Long.lowestOneBit(size), 1, LARGEST_ALIGNMENT);
      Part part = new Part(each.name(), type, (end + alignment - 1) & -alignment, size);
      parts.add(part);
      end = part.end();
    }
    return parts;
  }

  private List<Long> counts(Declared declared, long address, long size, long room, String rule)
      throws DoesNotFit {
    List<Long> counts = new ArrayList<>();
    int open = -1;
    long each = size;
    for (String dimension : declared.dimensions()) {
      if (dimension.isEmpty()) {
        open = counts.size();
        counts.add(0L);
      } else {
        counts.add(number(dimension));
        each *= counts.getLast();
      }
    }
    if (open >= 0 && each > 0) {
      try {
        counts.set(open, lengths.count(rule, address, each, room));
      } catch (VmcoreException e) {
        throw new DoesNotFit(e.reason());
      }
    }
    return counts;
  }

  private long number(String dimension) throws DoesNotFit {
    if (Character.isDigit(dimension.charAt(0))) {
      return Integer.parseInt(dimension);
    }
    try {
      OptionalLong value = types.enumerator(dimension);
      if (value.isEmpty() || value.getAsLong() <= 0 || value.getAsLong() > Integer.MAX_VALUE) {
        throw new DoesNotFit("the kernel has no enumerator " + dimension);
      }
      return value.getAsLong();
    } catch (VmcoreException e) {
      throw new DoesNotFit(e.reason());
    }
  }
}
