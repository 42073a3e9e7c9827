package org.vmcore.mmu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.vmcore.Vmcore;
import org.vmcore.arch.paging.EntryKind;
import org.vmcore.arch.paging.Paging;
import org.vmcore.arch.paging.Reach;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.walk.Lookup;
import org.vmcore.mmu.walk.ReverseWalk;
import org.vmcore.mmu.walk.Table;
import org.vmcore.mmu.walk.TableCache;
import org.vmcore.mmu.walk.TableWalk;
import org.vmcore.mmu.walk.Walk;
import org.vmcore.values.Hex;

/**
 * A kernel's or a task's virtual memory, by the page tables in a dump. Addresses are virtual; the
 * bytes are those of physical memory.
 *
 * <p>What isn't mapped is {@link PageState#NOT_RAM}, and so is what is mapped and isn't RAM. Where
 * a table on the way was filtered out, all that it maps is {@link PageState#EXCLUDED}. Where it is
 * lost or outside of RAM, and where an entry has reserved bits set, all below it is {@link
 * PageState#LOST}.
 *
 * <p>Any number of threads may use it, as long as its physical memory can be read.
 */
public final class AddressSpace implements Memory {
  private final TableCache tables;
  private final Paging paging;
  private final long root;
  private final Reach reach;
  private final Origin origin;

  AddressSpace(TableCache tables, Paging paging, long root, Reach reach, Origin origin) {
    this.tables = tables;
    this.paging = paging;
    this.root = paging.root(root);
    this.reach = reach;
    this.origin = origin;
  }

  /**
   * The virtual memory of a dump's kernel. Its root is where VMCOREINFO says; where that is missing
   * or wrong, what a CPU's CR3 says or the kernel's image holds, and the PT_LOADs bear out.
   *
   * @throws VmcoreException when no page tables are found, or those of the machine can't be read
   */
  public static AddressSpace ofKernel(Vmcore vmcore) throws VmcoreException {
    return ofKernel(PagingHints.of(vmcore));
  }

  /**
   * The virtual memory of the kernel that {@code hints} tell of.
   *
   * @throws VmcoreException when no page tables are found, or those of the machine can't be read
   */
  static AddressSpace ofKernel(PagingHints hints) throws VmcoreException {
    KernelRoot root = KernelRoot.of(hints);
    Optional<AddressSpace> found = root.find();
    if (found.isEmpty()) {
      throw VmcoreException.of(hints.file(), "no page tables: " + root.reason());
    }
    return found.get();
  }

  /**
   * The kernel's virtual memory by tables of a known layout; nothing is checked.
   *
   * @param root the physical address of the topmost table
   */
  static AddressSpace of(Memory physical, Paging paging, long root) {
    TableCache tables = new TableCache(physical, paging);
    return new AddressSpace(tables, paging, root, paging.kernelReach(), Origin.GIVEN);
  }

  /**
   * A task's virtual memory: on x86_64 its user space and the kernel's, on arm64 its user space
   * alone.
   *
   * @param pgd the <em>physical</em> address of the table that its {@code mm_struct.pgd} points to
   */
  public AddressSpace ofTask(long pgd) {
    return new AddressSpace(tables, paging, pgd, paging.taskReach(), Origin.TASK);
  }

  /**
   * The same, in the layout in which {@code address} is mapped, where tasks may have another than
   * the kernel.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  AddressSpace ofTask(long pgd, long address) throws VmcoreException {
    for (Paging each : paging.taskLayouts()) {
      if (each.levels() != levels()) {
        TableCache its = new TableCache(tables.physical(), each);
        AddressSpace space = new AddressSpace(its, each, pgd, each.taskReach(), Origin.TASK);
        if (space.physical(address).isPresent()) {
          return space;
        }
      }
    }
    return ofTask(pgd);
  }

  /**
   * The virtual addresses that these tables map to {@code physical}: all of them, a task's and the
   * kernel's.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public ReverseTranslation reverse(long physical) throws VmcoreException {
    ReverseWalk walk = reverseWalk(new long[] {physical}, false);
    List<ReverseTranslation.Place> places = new ArrayList<>();
    for (ReverseWalk.Hit hit : walk.from(root)) {
      places.add(new ReverseTranslation.Place(hit.virtual(), hit.pageSize(), "other"));
    }
    return new ReverseTranslation(physical, places, walk.reason());
  }

  /**
   * A walk to all that these tables map to {@code physical}, ascending addresses; it isn't begun.
   */
  ReverseWalk reverseWalk(long[] physical, boolean isKernelOnly) throws VmcoreException {
    requireOpen();
    return new ReverseWalk(tables, paging, reach, isKernelOnly, physical);
  }

  /**
   * Tells {@code out} of the physical address of each table of these, the root's first, and of none
   * twice. Tables that can't be read are told of; what lies below them isn't known.
   *
   * @return whether these are all: false where a table couldn't be read, or there are more of them
   *     than are looked at
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public boolean eachTable(LongConsumer out) throws VmcoreException {
    requireOpen();
    return new TableWalk(tables, paging, out).from(root);
  }

  /** How the tables are laid out. */
  Paging paging() {
    return paging;
  }

  /** How many tables a walk to the smallest page passes. */
  public int levels() {
    return paging.levels();
  }

  /** The physical address of the topmost table. */
  public long root() {
    return root;
  }

  /** Whether tables were cleared: that they map nothing doesn't say that nothing is mapped. */
  public boolean isCleared() {
    return origin == Origin.CLEARED;
  }

  /** Whether nothing says where the root is, and it was searched for. */
  public boolean isSearched() {
    return origin == Origin.SEARCH;
  }

  /**
   * Where the root's place comes from: {@code VMCOREINFO}, {@code p_vaddr}, a register's name,
   * {@code CR3}, {@code search}; {@code given} and {@code task} for roots that the caller gave.
   */
  public String origin() {
    return origin == Origin.CPU ? paging.rootRegister() : origin.toString();
  }

  @Override
  public long read(long address, MemorySegment dst) throws VmcoreException {
    long size = dst.byteSize();
    long done = 0;
    while (done < size && (done == 0 || address + done != 0)) {
      Lookup lookup = at(address + done);
      if (!lookup.isMapped()) {
        break;
      }
      long n = lookup.inARow(size - done);
      long got = lookup.read(dst.asSlice(done, n));
      done += got;
      if (got < n) {
        break;
      }
    }
    return done;
  }

  /** Walks to {@code address}, once for all that is asked of it. */
  Lookup at(long address) throws VmcoreException {
    Walk walk = start(address);
    boolean isReached = reach.contains(address);
    if (!isReached || walk.toEnd().kind() != EntryKind.PAGE) {
      requireOpen();
    }
    return new Lookup(tables.physical(), reach.around(address), isReached, walk, address);
  }

  /** Whether each entry of the topmost table that isn't empty is one of a table in RAM. */
  boolean leadsIntoRam() throws VmcoreException {
    int level = paging.levels() - 1;
    Table table = tables.at(root, level);
    for (int i = 0; i < table.known(); i++) {
      EntryKind kind = paging.kind(level, table.entry(i));
      if (kind == EntryKind.RESERVED
          || (kind == EntryKind.TABLE && !isRam(level, table.entry(i)))) {
        return false;
      }
    }
    return table.known() > 0;
  }

  private boolean isRam(int level, long entry) throws VmcoreException {
    return tables.physical().extentAt(paging.target(level, entry)).state() != PageState.NOT_RAM;
  }

  private Walk start(long address) {
    return new Walk(paging, tables, root, address);
  }

  /** Tables out of the cache must not hide that the dump is closed. */
  private void requireOpen() throws VmcoreException {
    PageState unused = tables.physical().extentAt(root).state();
    assert unused != null;
  }

  @Override
  public Extent extentAt(long address) throws VmcoreException {
    return at(address).extent();
  }

  @Override
  public Optional<Finding> lossAt(long address) throws VmcoreException {
    requireOpen();
    return at(address).loss();
  }

  @Override
  public String absenceAt(long address) throws VmcoreException {
    Lookup lookup = at(address);
    if (lookup.isMapped()) {
      return absence(tables.physical(), lookup.physical());
    }
    return reach.contains(address) ? lookup.reason() : notReached();
  }

  private String notReached() {
    return "not an address of these " + paging;
  }

  /** Why {@code physical} memory has nothing at an address that something is mapped to. */
  static String absence(Memory physical, long address) throws VmcoreException {
    return "mapped to physical address " + Hex.of(address) + ": " + physical.absenceAt(address);
  }

  @Override
  public String source() {
    return tables.physical().source();
  }

  @Override
  public long blank(long address, long most) throws VmcoreException {
    return at(address).blank(most);
  }

  /**
   * The physical address of {@code address}; empty when it isn't mapped or a table on the way is
   * missing, see {@link #translate}.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public OptionalLong physical(long address) throws VmcoreException {
    requireOpen();
    Lookup lookup = at(address);
    return lookup.isMapped() ? OptionalLong.of(lookup.physical()) : OptionalLong.empty();
  }

  /**
   * Walks to {@code address} and tells of every step.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public Translation translate(long address) throws VmcoreException {
    requireOpen();
    if (!reach.contains(address)) {
      return failed(address, List.of(), PageState.NOT_RAM, notReached());
    }
    List<Translation.Step> steps = new ArrayList<>();
    Walk walk = start(address);
    do {
      walk.step();
      if (walk.kind() != EntryKind.MISSING) {
        steps.add(
            new Translation.Step(
                walk.levelName(), walk.entryAddress(), walk.entry(), walk.flags()));
      }
    } while (walk.kind() == EntryKind.TABLE);
    if (walk.kind() != EntryKind.PAGE) {
      Lookup lookup = new Lookup(tables.physical(), reach.around(address), true, walk, address);
      return failed(address, steps, lookup.state(), lookup.reason());
    }
    long physical = walk.physical();
    PageState state = tables.physical().extentAt(physical).state();
    return new Translation(address, OptionalLong.of(physical), walk.pageSize(), steps, state, "");
  }

  private static Translation failed(
      long address, List<Translation.Step> steps, PageState state, String reason) {
    return new Translation(address, OptionalLong.empty(), 0, steps, state, reason);
  }

  @Override
  public String toString() {
    return paging + ", root " + Hex.of(root) + " (" + origin() + ")";
  }
}
