package org.vmcore.kernel.modules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.objects.Members;
import org.vmcore.kernel.reading.Gap;
import org.vmcore.kernel.symbols.KernelModule;
import org.vmcore.kernel.system.Taints;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * The modules in the kernel's list. Each method throws a {@link VmcoreException} when the dump is
 * closed or its file fails.
 */
public final class Modules {
  private final KernelObjects objects;
  private final List<Finding> gaps = new ArrayList<>();
  private @Nullable List<LoadedModule> all;

  private Modules(KernelObjects objects) {
    this.objects = objects;
  }

  /** The modules in {@code objects}. Nothing is read before it is asked for. */
  public static Modules of(KernelObjects objects) {
    return new Modules(objects);
  }

  /** All of them, the one that was loaded last first. */
  public synchronized List<LoadedModule> all() throws VmcoreException {
    List<LoadedModule> known = all;
    if (known == null) {
      known = read();
      all = known;
    }
    return known;
  }

  /** The module that this kernel virtual address lies in. */
  public Optional<LoadedModule> at(long address) throws VmcoreException {
    for (LoadedModule module : all()) {
      if (module.contains(address)) {
        return Optional.of(module);
      }
    }
    return Optional.empty();
  }

  /** What of the modules couldn't be had so far, that of the list itself left out. */
  public synchronized List<Finding> gaps() {
    return List.copyOf(gaps);
  }

  private List<LoadedModule> read() throws VmcoreException {
    List<KernelModule> list = objects.symbols().modules();
    List<LoadedModule> modules = new ArrayList<>();
    Optional<Reader> reader = list.isEmpty() ? Optional.empty() : reader();
    for (KernelModule each : list) {
      LoadedModule.State state = LoadedModule.State.of(each.state());
      LoadedModule bare = bare(each, state);
      modules.add(reader.isPresent() ? read(reader.get(), bare) : bare);
    }
    return List.copyOf(modules);
  }

  private static LoadedModule bare(KernelModule module, LoadedModule.State state) {
    return new LoadedModule(
        module.name(),
        module.address(),
        state,
        List.of(),
        List.of(),
        Optional.empty(),
        OptionalLong.empty());
  }

  private Optional<Reader> reader() {
    try {
      return Optional.of(new Reader(objects));
    } catch (VmcoreException e) {
      gaps.add(Gap.of("modules", "modules", e));
      return Optional.empty();
    }
  }

  private LoadedModule read(Reader reader, LoadedModule bare) {
    try {
      return reader.read(bare);
    } catch (VmcoreException e) {
      gaps.add(Gap.of("modules", "module " + bare.name(), e));
      return bare;
    }
  }

  /** Reads what struct module has: its memory since 6.4 in {@code mem}, before in layouts. */
  private static final class Reader {
    private static final int CORE_KINDS = 4;
    private static final int KINDS = 7;
    private static final long MAX_SIZE = 1L << 32;

    private final Members members;
    private final List<Integer> bases = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();

    /** How many of these ranges stay; the others are there while the module starts. */
    private final int core;

    private final int taints;
    private final int references;

    Reader(KernelObjects objects) throws VmcoreException {
      members = new Members(objects, "module");
      if (objects.has("module", "mem")) {
        core = kinds(objects, "MOD_INIT_TEXT", CORE_KINDS);
        for (int kind = 0;
            kind < Math.max(core, kinds(objects, "MOD_MEM_NUM_TYPES", KINDS));
            kind++) {
          range("mem[" + kind + "].base", "mem[" + kind + "].size");
        }
      } else if (objects.has("module", "core_layout")) {
        core = 1;
        range("core_layout.base", "core_layout.size");
        init("init_layout.base", "init_layout.size");
      } else {
        core = 1;
        range("module_core", "core_size");
        init("module_init", "init_size");
      }
      taints = members.find("taints");
      references = members.find("refcnt.counter", "refcnt");
    }

    /** How many kinds of memory there are before {@code name} of enum mod_mem_type. */
    private static int kinds(KernelObjects objects, String name, int otherwise)
        throws VmcoreException {
      long first = objects.types().enumerator(name).orElse(otherwise);
      return first > 0 && first < Long.SIZE ? (int) first : otherwise;
    }

    private void range(String base, String size) throws VmcoreException {
      bases.add(members.get(base));
      sizes.add(members.get(size));
    }

    private void init(String base, String size) throws VmcoreException {
      bases.add(members.find(base));
      sizes.add(members.find(size));
    }

    LoadedModule read(LoadedModule bare) throws VmcoreException {
      Members.Values values = members.read(bare.address());
      return new LoadedModule(
          bare.name(),
          bare.address(),
          bare.state(),
          ranges(values, 0, core),
          bare.state() == LoadedModule.State.COMING
              ? ranges(values, core, bases.size())
              : List.of(),
          taints == Members.NONE
              ? Optional.empty()
              : Optional.of(new Taints(values.number(taints))),
          references == Members.NONE
              ? OptionalLong.empty()
              : OptionalLong.of(Math.max(0, values.number(references) - 1)));
    }

    private List<AddressRange> ranges(Members.Values values, int from, int to) {
      List<AddressRange> ranges = new ArrayList<>();
      for (int i = from; i < to; i++) {
        long base = bases.get(i) == Members.NONE ? 0 : values.number(bases.get(i));
        long size = sizes.get(i) == Members.NONE ? 0 : values.number(sizes.get(i));
        boolean wraps = base + size != 0 && Long.compareUnsigned(base + size, base) < 0;
        if (base != 0 && size > 0 && size < MAX_SIZE && !wraps) {
          ranges.add(new AddressRange(base, base + size));
        }
      }
      return ranges;
    }
  }
}
