package org.vmcore.kernel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.headers.VmcoreInfoSearch;
import org.vmcore.headers.VmcoreInfoSearch.VmcoreInfoNote;
import org.vmcore.io.VmcoreException;
import org.vmcore.mmu.AddressSpace;
import org.vmcore.mmu.KernelMemory;
import org.vmcore.mmu.PagingHints;

/**
 * The kernel that a dump is of. It lives as long as its {@link Vmcore}; any number of threads may
 * use it.
 */
public final class Kernel {
  private static final long IMAGE_ALIGNMENT = 2L << 20;
  private static final long MAX_IMAGE = 256L << 20;

  /** More VMCOREINFO notes than this in one memory aren't tried. */
  private static final int MAX_FOUND = 16;

  private final Vmcore vmcore;
  private final Optional<VmcoreInfo> info;
  private final OptionalLong infoFoundAt;
  private final KernelMemory memory;
  private final Reader reader;
  private final Symbols symbols;

  private Kernel(
      Vmcore vmcore,
      Optional<VmcoreInfo> info,
      OptionalLong infoFoundAt,
      Optional<SystemMap> systemMap)
      throws VmcoreException {
    this.vmcore = vmcore;
    this.info = info;
    this.infoFoundAt = infoFoundAt;
    this.memory = infoFoundAt.isPresent() ? memory(vmcore, info) : KernelMemory.of(vmcore);
    this.reader = Reader.of(vmcore, memory);
    this.symbols = new Symbols(this, systemMap.isPresent() ? systemMap::get : this::kallsyms);
  }

  /**
   * The kernel of {@code vmcore}. Where the dump has no VMCOREINFO note, that is searched for in
   * all of its memory.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public static Kernel of(Vmcore vmcore) throws VmcoreException {
    return of(vmcore, Optional.empty());
  }

  /**
   * The kernel of {@code vmcore}, its symbols from {@code systemMap} where that is given.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public static Kernel of(Vmcore vmcore, Optional<Path> systemMap) throws VmcoreException {
    Optional<VmcoreInfo> info = vmcore.vmcoreInfo();
    OptionalLong foundAt = OptionalLong.empty();
    if (info.isEmpty()) {
      List<VmcoreInfoNote> found = VmcoreInfoSearch.search(vmcore.physical(), vmcore.name());
      if (!found.isEmpty()) {
        VmcoreInfoNote own = own(vmcore, found);
        info = Optional.of(own.info());
        foundAt = OptionalLong.of(own.area().start());
      }
    }
    Optional<SystemMap> map =
        systemMap.isPresent()
            ? Optional.of(SystemMap.read(systemMap.get(), info))
            : Optional.empty();
    return new Kernel(vmcore, info, foundAt, map);
  }

  /** The one that leads to a utsname of the release it names: others are earlier kernels'. */
  private static VmcoreInfoNote own(Vmcore vmcore, List<VmcoreInfoNote> found)
      throws VmcoreException {
    for (int i = 0; found.size() > 1 && i < Math.min(found.size(), MAX_FOUND); i++) {
      Optional<VmcoreInfo> info = Optional.of(found.get(i).info());
      Reader in = Reader.of(vmcore, memory(vmcore, info));
      if (UtsName.isOf(in, info.get())) {
        return found.get(i);
      }
    }
    return found.getFirst();
  }

  /** By page tables as VMCOREINFO describes them, which was found in memory. */
  private static KernelMemory memory(Vmcore vmcore, Optional<VmcoreInfo> info)
      throws VmcoreException {
    PagingHints dump = PagingHints.of(vmcore);
    PagingHints hints =
        new PagingHints(
            dump.file(),
            dump.machine(),
            dump.order(),
            dump.physical(),
            info,
            dump.ranges(),
            dump.cpus());
    try {
      return KernelMemory.of(AddressSpace.ofKernel(hints), vmcore.virtual());
    } catch (VmcoreException e) {
      return KernelMemory.of(vmcore);
    }
  }

  /** What the kernel tells of itself: the dump's note, or one that was found in its memory. */
  public Optional<VmcoreInfo> info() {
    return info;
  }

  /** The physical address at which VMCOREINFO was found, where the dump has no such note. */
  public OptionalLong infoFoundAt() {
    return infoFoundAt;
  }

  /** The kernel's virtual memory: by its page tables, else by what the PT_LOADs tell. */
  public KernelMemory memory() {
    return memory;
  }

  /** The names and addresses of the kernel and its modules. */
  public Symbols symbols() {
    return symbols;
  }

  /** The kernel's log. */
  public KernelLog log() {
    return new KernelLog(this);
  }

  /**
   * What {@code uname} says: read from the kernel's memory, as VMCOREINFO describes it.
   *
   * @throws VmcoreException when it can't be read, the dump is closed, or its file fails
   */
  public UtsName uts() throws VmcoreException {
    if (info.isEmpty()) {
      throw VmcoreException.of(vmcore.name(), "no VMCOREINFO, which tells where utsname is");
    }
    return UtsName.read(reader, new StructLayout(info.get(), vmcore.name()));
  }

  Reader reader() {
    return reader;
  }

  private SymbolTable kallsyms() throws VmcoreException {
    Optional<KallsymsTables> tables =
        info.isPresent() ? KallsymsTables.of(info.get()) : Optional.empty();
    OptionalLong stext = info.isPresent() ? info.get().symbol("_stext") : OptionalLong.empty();
    if (tables.isEmpty()) {
      tables = KallsymsSearch.search(reader, imageRanges());
    }
    if (tables.isEmpty()) {
      throw VmcoreException.of(vmcore.name(), "the kernel's kallsyms isn't found");
    }
    return Kallsyms.of(reader, tables.get(), stext);
  }

  /** Looks for the list of modules in the kernel's data. */
  OptionalLong searchModules() throws VmcoreException {
    for (Range range : imageRanges()) {
      OptionalLong head = ModuleList.search(reader, range.start(), range.size());
      if (head.isPresent()) {
        return head;
      }
    }
    return OptionalLong.empty();
  }

  /** Bytes of the kernel's virtual memory. */
  record Range(long start, long size) {}

  /** Where the kernel's image may be, the best first. */
  private List<Range> imageRanges() {
    List<Range> ranges = new ArrayList<>();
    OptionalLong stext = info.isPresent() ? info.get().symbol("_stext") : OptionalLong.empty();
    if (stext.isPresent()) {
      ranges.add(new Range(stext.getAsLong() & -IMAGE_ALIGNMENT, MAX_IMAGE));
      return ranges;
    }
    for (ProgramHeader segment : vmcore.segments()) {
      if (segment.isLoad() && vmcore.isVirtualKnown(segment)) {
        ranges.add(new Range(segment.vaddr(), segment.memsz()));
      }
    }
    return ranges;
  }
}
