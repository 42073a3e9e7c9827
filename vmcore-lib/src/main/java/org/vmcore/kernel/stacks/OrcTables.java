package org.vmcore.kernel.stacks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.vmcore.kernel.modules.LoadedModule;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.Unreadable;
import org.vmcore.kernel.unwind.BrokenStack;
import org.vmcore.kernel.unwind.OrcEntry;
import org.vmcore.kernel.unwind.OrcFormat;
import org.vmcore.kernel.unwind.OrcLookup;
import org.vmcore.kernel.unwind.OrcTable;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;

/**
 * The ORC tables of a kernel and its modules. What was looked up is kept: most tasks wait in the
 * same few functions.
 */
final class OrcTables implements OrcLookup {
  private static final String NAME = "the kernel's ORC table";
  private static final int IP = 4;

  /** Entries that are looked at for their form. */
  private static final int SAMPLE = 512;

  private static final long MOST = 1 << 24;
  private static final int MOST_KEPT = 1 << 16;

  private final StackKernel kernel;
  private final OrcFormat format;
  private final OrcTable own;
  private final Map<Long, Optional<OrcEntry>> known = new HashMap<>();

  /** Where the code of modules lies, and the table of each; null until it is asked for. */
  private @Nullable List<AddressRange> codes;

  private final List<OrcTable> tables = new ArrayList<>();

  private OrcTables(StackKernel kernel, OrcFormat format, OrcTable own) {
    this.kernel = kernel;
    this.format = format;
    this.own = own;
  }

  /** The tables of {@code kernel}. */
  static OrcTables of(StackKernel kernel) throws BrokenStack, VmcoreException {
    long ips = symbol(kernel, "__start_orc_unwind_ip");
    long count = (symbol(kernel, "__stop_orc_unwind_ip") - ips) / IP;
    long entries = symbol(kernel, "__start_orc_unwind");
    if (count <= 0 || count > MOST) {
      throw new BrokenStack(NAME + " has " + count + " entries");
    }
    int sampled = (int) Math.min(count, SAMPLE);
    long middle = entries + (count - sampled) / 2 * OrcFormat.SIZE;
    try {
      byte[] sample = kernel.reader().bytes(middle, sampled * OrcFormat.SIZE, NAME);
      OrcFormat format =
          OrcFormat.of(sample)
              .orElseThrow(() -> BrokenStack.lacking(NAME + " is of no known form"));
      OrcTable own = new OrcTable(kernel.reader(), NAME, format, ips, entries, (int) count);
      return new OrcTables(kernel, format, own);
    } catch (Unreadable e) {
      throw new BrokenStack(e);
    }
  }

  private static long symbol(StackKernel kernel, String name) throws BrokenStack, VmcoreException {
    OptionalLong address = kernel.symbol(name);
    if (address.isEmpty()) {
      throw BrokenStack.lacking("no symbol " + name + ": stacks need the kernel's ORC table");
    }
    return address.getAsLong();
  }

  @Override
  public Optional<OrcEntry> at(long pc) throws BrokenStack, VmcoreException {
    Optional<OrcEntry> entry = known.get(pc);
    if (entry == null) {
      entry = find(pc);
      if (known.size() < MOST_KEPT) {
        known.put(pc, entry);
      }
    }
    return entry;
  }

  private Optional<OrcEntry> find(long pc) throws BrokenStack, VmcoreException {
    if (pc >= 0) {
      return Optional.empty();
    }
    if (own.covers(pc)) {
      return Optional.of(own.at(pc));
    }
    List<AddressRange> modules = modules();
    for (int i = 0; i < modules.size(); i++) {
      if (modules.get(i).contains(pc)) {
        return Optional.of(tables.get(i).at(pc));
      }
    }
    return Optional.empty();
  }

  private List<AddressRange> modules() throws VmcoreException {
    List<AddressRange> known = codes;
    if (known == null) {
      known = new ArrayList<>();
      for (LoadedModule module : kernel.modules().all()) {
        Optional<OrcTable> table = table(module);
        if (table.isPresent()) {
          known.add(module.ranges().getFirst());
          tables.add(table.get());
          for (AddressRange init : module.init()) {
            known.add(init);
            tables.add(table.get());
          }
        }
      }
      codes = known;
    }
    return known;
  }

  private Optional<OrcTable> table(LoadedModule module) throws VmcoreException {
    KernelObjects objects = kernel.objects();
    if (module.ranges().isEmpty() || !objects.has("module", "arch.num_orcs")) {
      return Optional.empty();
    }
    try {
      KernelObject object = objects.at(module.address(), "module");
      long count = object.number("arch.num_orcs") & 0xffff_ffffL;
      String name = "the ORC table of module " + module.name();
      long ips = object.number("arch.orc_unwind_ip");
      long entries = object.number("arch.orc_unwind");
      return count == 0 || count > MOST
          ? Optional.empty()
          : Optional.of(new OrcTable(kernel.reader(), name, format, ips, entries, (int) count));
    } catch (Unreadable e) {
      return Optional.empty();
    }
  }
}
