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
import org.vmcore.mmu.walk.Lookup;

/**
 * All that a dump tells of a kernel's virtual memory: the page tables first. Where these are
 * missing, in part or all of them, or can't be read here, the direct map and the image are known,
 * as VMCOREINFO or the architecture tells; then the PT_LOADs' p_vaddr, and the kernel's records.
 *
 * <p>Where page tables map nothing the PT_LOADs' bytes are read all the same: the kernel doesn't
 * map pages that are only in part RAM, nor what it freed of its image.
 *
 * <p>What nothing tells of is {@link PageState#NOT_RAM}; when the topmost table is excluded or lost
 * it is that, too.
 */
public final class KernelMemory implements Memory {
  private static final String XEN_HOST =
      "a dump of a Xen host: dom0's addresses lead to the machine's frames by a table (P2M) that"
          + " isn't read; --phys reads machine addresses";

  private final Optional<PagingHints> hints;
  private final KernelTables tables;
  private final Optional<LinearMemory> linear;
  private final Sources sources;

  private KernelMemory(
      Optional<PagingHints> hints,
      KernelTables tables,
      Optional<LinearMemory> linear,
      Sources sources) {
    this.hints = hints;
    this.tables = tables;
    this.linear = linear;
    this.sources = sources;
  }

  /** The same, with {@code others} asked where page tables are missing and nothing else tells. */
  public KernelMemory with(VirtualPlaces others) {
    Memory physical = hints.orElseThrow().physical();
    return new KernelMemory(hints, tables, linear, sources.with(physical, others));
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
    PagingHints hints = PagingHints.of(vmcore, info);
    KernelTables tables = KernelTables.of(hints);
    return of(hints, vmcore.isVmcoreInfoLost() ? tables.orLost() : tables, vmcore.virtual());
  }

  /**
   * The virtual memory of the kernel that {@code hints} tell of.
   *
   * @param loads what the PT_LOADs tell, by virtual address
   */
  static KernelMemory of(PagingHints hints, Memory loads) throws VmcoreException {
    return of(hints, KernelTables.of(hints), loads);
  }

  private static KernelMemory of(PagingHints hints, KernelTables tables, Memory loads)
      throws VmcoreException {
    Optional<LinearMemory> linear = hints.linear();
    Sources sources = Sources.of(loads, hints.ranges(), linear);
    return new KernelMemory(Optional.of(hints), tables, linear, sources);
  }

  /** What {@code space} maps, and elsewhere {@code loads}. */
  static KernelMemory of(AddressSpace space, Memory loads) {
    return new KernelMemory(
        Optional.empty(), KernelTables.of(space), Optional.empty(), Sources.of(loads));
  }

  /** The page tables, when they were found. */
  public Optional<AddressSpace> tables() {
    return tables.space();
  }

  /** Why there are no page tables, in one line; empty when they were found. */
  public String reason() {
    return tables.reason();
  }

  /**
   * The state of what nothing tells of, when no page tables were found: {@link PageState#NOT_RAM},
   * or that of the topmost table, which is excluded or lost.
   */
  public PageState unmapped() {
    return tables.unmapped();
  }

  /**
   * What {@code address} is known by, where that is neither page tables nor a PT_LOAD: {@code
   * direct map} or {@code kernel image}, whose place VMCOREINFO or the architecture tells, or
   * {@code vmalloc area}, by the kernel's records.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public Optional<String> linearMap(long address) throws VmcoreException {
    return at(address).map().map(LinearMap::name);
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
    if (tables.space().isPresent()) {
      return tables.space().get().ofTask(pgd, address);
    }
    PagingHints its = hints.orElseThrow();
    Optional<AddressSpace> space = new RootCandidates(its).given(pgd, address);
    if (space.isEmpty()) {
      throw VmcoreException.of(its.file(), "no page tables: " + tables.reason());
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
    return reverse(new long[] {physical}).getFirst();
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
      return new Places(hints.get(), tables.space(), linear).of(physical);
    }
    List<ReverseTranslation> all = new ArrayList<>();
    for (long each : physical) {
      all.add(tables.space().orElseThrow().reverse(each));
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
    Optional<AddressSpace> space = tables.space();
    OptionalLong byTables =
        space.isPresent() ? space.get().physical(address) : OptionalLong.empty();
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
    return sources.range(address, tables.isUnmapped(tables.at(address)));
  }

  /**
   * Whether page tables lead to a page at {@code address}.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public boolean isMapped(long address) throws VmcoreException {
    Optional<Lookup> walk = tables.at(address);
    return walk.isPresent() && walk.get().isMapped();
  }

  private KernelLookup at(long address) throws VmcoreException {
    return KernelLookup.of(address, tables, sources);
  }

  @Override
  public long read(long address, MemorySegment dst) throws VmcoreException {
    long size = dst.byteSize();
    long done = 0;
    while (done < size && (done == 0 || address + done != 0)) {
      KernelLookup lookup = at(address + done);
      long n = lookup.inARow(size - done);
      long got = lookup.read(dst.asSlice(done, n));
      done += got;
      if (got < n) {
        break;
      }
    }
    return done;
  }

  @Override
  public Extent extentAt(long address) throws VmcoreException {
    return at(address).extent();
  }

  @Override
  public String source() {
    return sources.loads().source();
  }

  @Override
  public long blank(long address, long most) throws VmcoreException {
    return at(address).blank(most);
  }

  @Override
  public Optional<Finding> lossAt(long address) throws VmcoreException {
    return at(address).loss();
  }

  @Override
  public String absenceAt(long address) throws VmcoreException {
    return at(address).absence();
  }
}
