package org.vmcore.mmu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.arch.LinearMap;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Unsigned;

/**
 * All that a dump tells of a kernel's virtual memory: the page tables first and, where these map
 * nothing, are missing or can't be found, the PT_LOADs' p_vaddr. The kernel doesn't map pages that
 * are only in part RAM, nor what it freed of its image; the dump has their bytes all the same.
 * Where page tables are missing and no PT_LOAD tells, the kernel's image is where VMCOREINFO says.
 *
 * <p>Of architectures whose page tables aren't read here the direct map and the image are known
 * first, as VMCOREINFO or the architecture tells, and the PT_LOADs where these have nothing.
 *
 * <p>What nothing tells of is {@link PageState#NOT_RAM}; when the topmost table is excluded or lost
 * it is that, too.
 */
public final class KernelMemory implements Memory {
  private static final String XEN_HOST =
      "a dump of a Xen host: dom0's addresses lead to the machine's frames by a table (P2M) that"
          + " isn't read; --phys reads machine addresses";

  private final Optional<PagingHints> hints;
  private final Optional<AddressSpace> tables;
  private final Memory loads;
  private final Optional<LinearMemory> linear;
  private final boolean isLinearFirst;
  private final String reason;

  /** The state of what nothing tells of. */
  private final PageState unmapped;

  private final VirtualPlaces places;

  private KernelMemory(
      Optional<PagingHints> hints,
      Optional<AddressSpace> tables,
      Memory loads,
      Optional<LinearMemory> linear,
      boolean isLinearFirst,
      String reason,
      PageState unmapped,
      VirtualPlaces places) {
    this.hints = hints;
    this.tables = tables;
    this.loads = loads;
    this.linear = linear;
    this.isLinearFirst = isLinearFirst;
    this.reason = reason;
    this.unmapped = unmapped;
    this.places = places;
  }

  /** The same, with {@code others} asked where page tables are missing and nothing else tells. */
  public KernelMemory with(VirtualPlaces others) {
    return new KernelMemory(hints, tables, loads, linear, isLinearFirst, reason, unmapped, others);
  }

  /**
   * The virtual memory of {@code vmcore}'s kernel.
   *
   * @throws VmcoreException when it is a Xen host's, the dump is closed, or its file fails
   */
  public static KernelMemory of(Vmcore vmcore) throws VmcoreException {
    return of(vmcore, vmcore.vmcoreInfo());
  }

  /**
   * The virtual memory of {@code vmcore}'s kernel, when that describes itself as {@code info}.
   *
   * @throws VmcoreException when it is a Xen host's, the dump is closed, or its file fails
   */
  public static KernelMemory of(Vmcore vmcore, Optional<VmcoreInfo> info) throws VmcoreException {
    if (vmcore.isXenHost()) {
      throw VmcoreException.of(vmcore.name(), XEN_HOST);
    }
    KernelMemory memory = of(PagingHints.of(vmcore, info), vmcore.virtual());
    boolean mayBeLost = memory.tables.isEmpty() && memory.unmapped == PageState.NOT_RAM;
    return mayBeLost && vmcore.isVmcoreInfoLost() ? memory.withoutInfo() : memory;
  }

  /** The same, when what would tell of page tables is lost. */
  private KernelMemory withoutInfo() {
    String why = reason + ", or it is lost";
    return new KernelMemory(
        hints, tables, loads, linear, isLinearFirst, why, PageState.LOST, places);
  }

  /**
   * The virtual memory of the kernel that {@code hints} tell of.
   *
   * @param loads what the PT_LOADs tell, by virtual address
   */
  static KernelMemory of(PagingHints hints, Memory loads) throws VmcoreException {
    KernelRoot root = KernelRoot.of(hints);
    Optional<AddressSpace> tables = root.find();
    Optional<LinearMemory> linear = hints.linear();
    if (tables.isPresent()) {
      return new KernelMemory(
          Optional.of(hints),
          tables,
          loads,
          linear,
          false,
          "",
          PageState.NOT_RAM,
          VirtualPlaces.NONE);
    }
    PageState state = root.state();
    boolean isMissing = state == PageState.LOST || state == PageState.EXCLUDED;
    PageState unmapped = isMissing ? state : PageState.NOT_RAM;
    return new KernelMemory(
        Optional.of(hints),
        tables,
        loads,
        linear,
        !root.isSupported(),
        root.reason(),
        unmapped,
        VirtualPlaces.NONE);
  }

  /** What {@code space} maps, and elsewhere {@code loads}. */
  static KernelMemory of(AddressSpace space, Memory loads) {
    return new KernelMemory(
        Optional.empty(),
        Optional.of(space),
        loads,
        Optional.empty(),
        false,
        "",
        PageState.NOT_RAM,
        VirtualPlaces.NONE);
  }

  /** The page tables, when they were found. */
  public Optional<AddressSpace> tables() {
    return tables;
  }

  /** Why there are no page tables, in one line; empty when they were found. */
  public String reason() {
    return reason;
  }

  /**
   * The state of what nothing tells of, when no page tables were found: {@link PageState#NOT_RAM},
   * or that of the topmost table, which is excluded or lost.
   */
  public PageState unmapped() {
    return unmapped;
  }

  /**
   * What {@code address} is known by, where that is neither page tables nor a PT_LOAD: {@code
   * direct map} or {@code kernel image}, whose place VMCOREINFO or the architecture tells, or
   * {@code vmalloc area}, by the kernel's records.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public Optional<String> linearMap(long address) throws VmcoreException {
    return source(address, lookup(address)).memory() instanceof LinearMemory known
        ? known.map(address).map(LinearMap::name)
        : Optional.empty();
  }

  /**
   * The physical address of {@code address} in the direct map or the kernel's image, as far as
   * VMCOREINFO or the architecture tells where these are; nothing is read.
   */
  public OptionalLong linear(long address) {
    return linear.isEmpty() ? OptionalLong.empty() : linear.get().physical(address);
  }

  /**
   * The virtual memory by page tables that the caller knows, a task's: in the kernel's layout, or,
   * where a task's may be another, or the kernel's own tables aren't known, in that in which {@code
   * address} is mapped.
   *
   * @param pgd the physical address of the topmost table
   * @throws VmcoreException when page tables of the machine can't be read, the dump is closed, or
   *     its file fails
   */
  public AddressSpace tables(long pgd, long address) throws VmcoreException {
    if (tables.isPresent()) {
      return tables.get().ofTask(pgd, address);
    }
    PagingHints its = hints.orElseThrow();
    Optional<AddressSpace> space = new RootCandidates(its).given(pgd, address);
    if (space.isEmpty()) {
      throw VmcoreException.of(its.file(), "no page tables: " + reason);
    }
    return space.get();
  }

  /**
   * The kernel virtual addresses of {@code physical}: those that page tables map to it, and those
   * that PT_LOADs tell of; without page tables those of the direct map and the image.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public ReverseTranslation reverse(long physical) throws VmcoreException {
    return hints.isPresent()
        ? reverse(new long[] {physical}).getFirst()
        : tables.orElseThrow().reverse(physical);
  }

  /**
   * The same of many addresses, for which page tables are walked through once.
   *
   * @param physical in ascending order (unsigned), none of them twice
   * @return of each of them, in their order
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public List<ReverseTranslation> reverse(long[] physical) throws VmcoreException {
    if (physical.length == 0) {
      return List.of();
    }
    if (hints.isPresent()) {
      return new Places(hints.get(), tables, linear).of(physical);
    }
    List<ReverseTranslation> all = new ArrayList<>();
    for (long each : physical) {
      all.add(tables.orElseThrow().reverse(each));
    }
    return all;
  }

  /**
   * The physical address of {@code address}, by page tables, PT_LOADs, the direct map or the image;
   * empty where nothing tells.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public OptionalLong physical(long address) throws VmcoreException {
    OptionalLong byTables =
        tables.isPresent() ? tables.get().physical(address) : OptionalLong.empty();
    if (byTables.isPresent()) {
      return byTables;
    }
    Optional<MappedRange> known = known(address);
    return known.isEmpty() ? OptionalLong.empty() : OptionalLong.of(known.get().physical(address));
  }

  /**
   * What tells of {@code address} beside page tables: the direct map or the image, a PT_LOAD, and
   * where page tables are missing the kernel's records.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public Optional<MappedRange> known(long address) throws VmcoreException {
    Optional<LinearMap> inRow = linear.flatMap(maps -> maps.map(address));
    if (inRow.isPresent() || hints.isEmpty()) {
      return inRow.map(MappedRange::of);
    }
    for (PagingHints.Range range : hints.get().ranges()) {
      if (range.contains(address)) {
        return Optional.of(
            new MappedRange(MappedRange.LOAD, range.vaddr(), range.paddr(), range.size()));
      }
    }
    return mayBeElsewhere(lookup(address)) ? places.at(address) : Optional.empty();
  }

  /** Whether it isn't page tables that say that nothing is mapped. */
  private boolean mayBeElsewhere(Optional<Lookup> lookup) throws VmcoreException {
    return lookup.isEmpty()
        || tables.orElseThrow().isCleared()
        || lookup.get().state() != PageState.NOT_RAM;
  }

  /**
   * Whether page tables lead to a page at {@code address}.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public boolean isMapped(long address) throws VmcoreException {
    Optional<Lookup> lookup = lookup(address);
    return lookup.isPresent() && lookup.get().isMapped();
  }

  /** The one walk of the page tables that an address takes. */
  private Optional<Lookup> lookup(long address) throws VmcoreException {
    return tables.isPresent() ? Optional.of(tables.get().at(address)) : Optional.empty();
  }

  /** The memory that has the byte at an address, and the bytes around it that it has. */
  private record Source(Memory memory, Extent extent) {}

  /** What has the byte at {@code address}, for which the page tables have {@code lookup}. */
  private Source source(long address, Optional<Lookup> lookup) throws VmcoreException {
    List<Extent> passed = new ArrayList<>();
    Memory last = loads;
    if (tables.isPresent() && lookup.isPresent()) {
      last = tables.get();
      passed.add(lookup.get().extent());
      if (lookup.get().isMapped()) {
        return new Source(last, passed.getFirst());
      }
    }
    if (isLinearFirst && linear.isPresent()) {
      passed.add(linear.get().extentAt(address));
      if (linear.get().map(address).isPresent()) {
        return new Source(linear.get(), passed.getFirst());
      }
    }
    Extent load = loads.extentAt(address);
    passed.add(load);
    if (load.state() != PageState.NOT_RAM) {
      return new Source(loads, shared(passed, load.state()));
    }
    PageState state = lookup.isEmpty() ? unmapped : passed.getFirst().state();
    if (mayBeElsewhere(lookup)) {
      Optional<Source> elsewhere = elsewhere(address, passed);
      if (elsewhere.isPresent()) {
        return elsewhere.get();
      }
    }
    return new Source(last, shared(passed, state));
  }

  /** What has the byte at {@code address}, for which neither page tables nor PT_LOADs tell. */
  private Optional<Source> elsewhere(long address, List<Extent> passed) throws VmcoreException {
    if (!isLinearFirst && linear.isPresent()) {
      Extent inRow = linear.get().extentAt(address);
      passed.add(inRow);
      if (linear.get().map(address).isPresent()) {
        return Optional.of(new Source(linear.get(), shared(passed, inRow.state())));
      }
    }
    Optional<MappedRange> place = places.at(address);
    if (place.isEmpty() || hints.isEmpty()) {
      return Optional.empty();
    }
    Memory memory = new LinearMemory(hints.get().physical(), List.of(place.get().map()));
    Extent extent = memory.extentAt(address);
    passed.add(extent);
    return Optional.of(new Source(memory, shared(passed, extent.state())));
  }

  /** What all of {@code extents} have in common. */
  private static Extent shared(List<Extent> extents, PageState state) {
    Extent shared = extents.getFirst();
    for (Extent each : extents) {
      shared = shared.clip(each.start(), each.size());
    }
    return new Extent(shared.start(), shared.size(), state);
  }

  @Override
  public long read(long address, MemorySegment dst) throws VmcoreException {
    long size = dst.byteSize();
    long done = 0;
    while (done < size && (done == 0 || address + done != 0)) {
      Optional<Lookup> lookup = lookup(address + done);
      boolean isMapped = lookup.isPresent() && lookup.get().isMapped();
      long n = isMapped ? lookup.get().inARow(size - done) : size - done;
      MemorySegment part = dst.asSlice(done, n);
      long got = isMapped ? lookup.get().read(part) : readSource(address + done, lookup, part);
      done += got;
      if (got == 0 || (isMapped && got < n)) {
        break;
      }
    }
    return done;
  }

  private long readSource(long address, Optional<Lookup> lookup, MemorySegment dst)
      throws VmcoreException {
    if (!mayBeElsewhere(lookup) && loads.extentAt(address).state() == PageState.NOT_RAM) {
      return 0; // how far there is nothing isn't asked
    }
    Source source = source(address, lookup);
    if (source.memory() == tables.orElse(null)) {
      return 0; // the walk has shown already that they map nothing
    }
    long left = source.extent().sizeFrom(address);
    long size = left < 0 ? dst.byteSize() : Math.min(dst.byteSize(), left);
    return source.memory().read(address, dst.asSlice(0, size));
  }

  @Override
  public Extent extentAt(long address) throws VmcoreException {
    return source(address, lookup(address)).extent();
  }

  @Override
  public String source() {
    return loads.source();
  }

  @Override
  public long blank(long address, long most) throws VmcoreException {
    Source source = source(address, lookup(address));
    Extent extent = source.extent();
    long wanted = Unsigned.min(extent.sizeFrom(address), most);
    return switch (extent.state()) {
      case LOST -> 0;
      case EXCLUDED, NOT_RAM -> wanted;
      case PRESENT -> source.memory().blank(address, wanted);
    };
  }

  @Override
  public Optional<Finding> lossAt(long address) throws VmcoreException {
    Optional<Lookup> lookup = lookup(address);
    Memory source = source(address, lookup).memory();
    return lookup.isPresent() && source == tables.orElse(null)
        ? lookup.get().loss()
        : source.lossAt(address);
  }

  @Override
  public String absenceAt(long address) throws VmcoreException {
    Memory source = source(address, lookup(address)).memory();
    if (source instanceof LinearMemory) {
      return source.absenceAt(address);
    }
    return tables.isPresent()
        ? tables.get().absenceAt(address)
        : "no page tables: " + reason + "; and no PT_LOAD tells of it";
  }
}
