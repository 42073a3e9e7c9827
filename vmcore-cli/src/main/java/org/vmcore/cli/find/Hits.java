package org.vmcore.cli.find;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.cli.output.Row;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.KernelMemory;
import org.vmcore.mmu.ReverseTranslation;
import org.vmcore.mmu.ReverseTranslation.Place;
import org.vmcore.values.Hex;

/**
 * What was found, on its way out: gathered, so that page tables are walked through once for many
 * places.
 */
final class Hits {
  private static final int GATHERED = 1 << 12;
  private static final String IMAGE = "kernel image";
  private static final String DIRECT = "direct map";

  private final Vmcore vmcore;
  private final Kernel kernel;
  private final boolean isVirtual;
  private final Memory memory;
  private final List<Sought> sought;
  private final int around;
  private final Row row;
  private final long[] addresses = new long[GATHERED];
  private final int[] needles = new int[GATHERED];
  private int count;

  /** The kernel's memory, when it was asked for and there is one. */
  private Optional<KernelMemory> known = Optional.empty();

  Hits(
      Vmcore vmcore,
      Kernel kernel,
      boolean isVirtual,
      Memory memory,
      List<Sought> sought,
      int around,
      Row row) {
    this.vmcore = vmcore;
    this.kernel = kernel;
    this.isVirtual = isVirtual;
    this.memory = memory;
    this.sought = sought;
    this.around = around;
    this.row = row;
  }

  /** Takes a place. */
  void add(long address, int needle) throws VmcoreException {
    addresses[count] = address;
    needles[count++] = needle;
    if (count == GATHERED) {
      flush();
    }
  }

  /** Writes what was gathered. */
  void flush() throws VmcoreException {
    Map<Long, List<Place>> places = isVirtual || count == 0 ? Map.of() : places();
    for (int i = 0; i < count; i++) {
      if (isVirtual) {
        setVirtual(addresses[i]);
      } else {
        setPhysical(addresses[i], places.getOrDefault(addresses[i], List.of()));
      }
      setBytes(addresses[i], sought.get(needles[i]));
      row.end();
    }
    count = 0;
  }

  /** What the dump tells of the kernel's virtual memory; nothing of a Xen host's or a device's. */
  private Optional<KernelMemory> kernelMemory() throws VmcoreException {
    if (known.isEmpty() && !vmcore.isXenHost() && !vmcore.isDeviceMemory()) {
      known = Optional.of(kernel.memory());
    }
    return known;
  }

  private Map<Long, List<Place>> places() throws VmcoreException {
    Map<Long, List<Place>> places = new HashMap<>();
    Optional<KernelMemory> virtual = kernelMemory();
    if (virtual.isPresent()) {
      for (ReverseTranslation each : virtual.get().reverse(distinct())) {
        places.put(each.physical(), each.places());
      }
    }
    return places;
  }

  /** The addresses, each once, in ascending order. */
  private long[] distinct() {
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(addresses[i]);
    }
    all.sort(Long::compareUnsigned);
    return all.stream().mapToLong(Long::longValue).distinct().toArray();
  }

  private void setPhysical(long address, List<Place> places) throws VmcoreException {
    row.set(HitFields.PHYSICAL, address);
    Optional<Place> direct = first(places, DIRECT);
    Optional<Place> best = first(places, IMAGE).or(() -> first(places, "other")).or(() -> direct);
    if (best.isEmpty()) {
      return;
    }
    Place place = best.get();
    row.set(HitFields.VIRTUAL, place.virtual()).set(HitFields.MAP, place.map());
    if (direct.isPresent() && !place.equals(direct.get())) {
      row.set(HitFields.DIRECT, direct.get().virtual());
    }
    if (!place.map().equals(DIRECT)) {
      setSymbol(place.virtual(), place.map().equals(IMAGE));
    }
  }

  private static Optional<Place> first(List<Place> places, String map) {
    for (Place place : places) {
      if (place.map().equals(map)) {
        return Optional.of(place);
      }
    }
    return Optional.empty();
  }

  private void setVirtual(long address) throws VmcoreException {
    row.set(HitFields.VIRTUAL, address);
    Optional<KernelMemory> known = kernelMemory();
    OptionalLong physical = known.isEmpty() ? OptionalLong.empty() : known.get().physical(address);
    if (physical.isPresent()) {
      row.set(HitFields.PHYSICAL, physical.getAsLong());
    }
    setSymbol(address, false);
  }

  /** Names what {@code address} lies in; outside of the image it must be certain. */
  private void setSymbol(long address, boolean isImage) throws VmcoreException {
    Optional<Symbol> found = kernel.symbols().nearest(address);
    if (found.isEmpty()) {
      return;
    }
    Symbol symbol = found.get();
    long offset = address - symbol.address();
    boolean isIn =
        symbol.module().isEmpty() ? isImage || isInImage(address) : isInModule(symbol, offset);
    if (isIn) {
      row.set(HitFields.SYMBOL, symbol.name()).set(HitFields.SYMBOL_OFFSET, offset);
      String module = symbol.module().map(name -> " [" + name + "]").orElse("");
      String plus = offset == 0 ? "" : "+" + Hex.of(offset);
      row.set(HitFields.PLACE, symbol.name() + plus + module);
      if (symbol.module().isPresent()) {
        row.set(HitFields.MODULE, symbol.module().get());
      }
    }
  }

  private static boolean isInModule(Symbol symbol, long offset) {
    return symbol.size().isPresent() && offset < Math.max(1, symbol.size().getAsLong());
  }

  private boolean isInImage(long address) throws VmcoreException {
    OptionalLong start = kernel.symbols().addressInKernel("_text");
    OptionalLong end = kernel.symbols().addressInKernel("_end");
    return start.isPresent()
        && end.isPresent()
        && Long.compareUnsigned(address - start.getAsLong(), end.getAsLong() - start.getAsLong())
            < 0;
  }

  private void setBytes(long address, Sought what) throws VmcoreException {
    int size = what.needle().size();
    Surroundings bytes = Surroundings.of(memory, address, size, around);
    row.set(HitFields.SOUGHT, what.text());
    row.set(HitFields.BEFORE, bytes.before()).set(HitFields.BYTES, bytes.found());
    row.set(HitFields.AFTER, bytes.after());
    if (what.kind() == Sought.Kind.POINTER) {
      boolean isBig = kernel.order() == ByteOrder.BIG_ENDIAN;
      row.set(HitFields.VALUE, bytes.number(0, isBig));
      row.set(HitFields.CONTEXT, bytes.pointers(isBig));
    } else {
      boolean isText = what.kind() == Sought.Kind.STRING;
      row.set(HitFields.CONTEXT, isText ? bytes.characters() : bytes.dump());
    }
  }
}
