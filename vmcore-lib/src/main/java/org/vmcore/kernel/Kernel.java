package org.vmcore.kernel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.vmcore.Vmcore;
import org.vmcore.arch.KernelImage;
import org.vmcore.elf.Machine;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.KernelMemory;

/**
 * The kernel that a dump is of. It lives as long as its {@link Vmcore}; any number of threads may
 * use it.
 */
public final class Kernel {
  private static final long IMAGE_ALIGNMENT = 2L << 20;
  private static final long MAX_IMAGE = 256L << 20;
  private static final String BANNER = "Linux version ";
  private static final int MAX_BANNER = 1024;

  /** In more bytes than this the image isn't searched for. */
  private static final long MAX_SEARCHED = 2L << 30;

  private final Vmcore vmcore;
  private final KernelInfo info;
  private final Symbols symbols;
  private @Nullable KernelMemory memory;

  private Kernel(Vmcore vmcore, KernelInfo info, Optional<SymbolTable> systemMap) {
    this.vmcore = vmcore;
    this.info = info;
    this.symbols = new Symbols(this, systemMap.isPresent() ? () -> systemMap : this::kallsyms);
  }

  /** The kernel of {@code vmcore}. Nothing is read before it is asked for. */
  public static Kernel of(Vmcore vmcore) {
    return new Kernel(vmcore, new KernelInfo(vmcore), Optional.empty());
  }

  /**
   * The kernel of {@code vmcore}, its symbols from {@code systemMap} where that is given.
   *
   * @throws VmcoreException when the file can't be read or isn't this kernel's, the dump is closed,
   *     or its file fails
   */
  public static Kernel of(Vmcore vmcore, Optional<Path> systemMap) throws VmcoreException {
    if (systemMap.isEmpty()) {
      return of(vmcore);
    }
    Kernel kernel = of(vmcore);
    SystemMap map = SystemMap.read(systemMap.get()).placed("VMCOREINFO", kernel::told);
    SystemMap placed =
        map.isPlaced() ? map : map.placed("kallsyms", kernel.symbols::addressInKernel);
    return new Kernel(vmcore, kernel.info, Optional.of(placed));
  }

  /**
   * What the kernel tells of itself: the dump's note or, where it has none, one that is searched
   * for in all of its memory.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public Optional<VmcoreInfo> info() throws VmcoreException {
    return info.text();
  }

  /**
   * The physical address at which VMCOREINFO was found, where the dump has no such note.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public OptionalLong infoFoundAt() throws VmcoreException {
    return info.foundAt();
  }

  /**
   * The kernel's virtual memory: by its page tables, else by what the PT_LOADs tell.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized KernelMemory memory() throws VmcoreException {
    KernelMemory known = memory;
    if (known == null) {
      known = info.memory();
      memory = known;
    }
    return known;
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
    Optional<VmcoreInfo> told = info();
    if (told.isEmpty()) {
      throw VmcoreException.of(vmcore.name(), "no VMCOREINFO, which tells where utsname is");
    }
    return UtsName.read(reader(), new StructLayout(told.get(), vmcore.name()));
  }

  /**
   * {@code linux_banner}, the first line of the log: {@code Linux version 6.1.0 (…) …}; empty when
   * no symbol tells of it, or it can't be read.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public Optional<String> banner() throws VmcoreException {
    OptionalLong address = symbols.addressInKernel("linux_banner");
    String text = address.isEmpty() ? "" : reader().text(address.getAsLong(), MAX_BANNER);
    return text.startsWith(BANNER) ? Optional.of(text.stripTrailing()) : Optional.empty();
  }

  String name() {
    return vmcore.name();
  }

  Reader reader() throws VmcoreException {
    return Reader.of(vmcore, memory());
  }

  /** The address of a symbol that VMCOREINFO names. */
  OptionalLong told(String symbol) throws VmcoreException {
    return info.symbol(symbol);
  }

  private Optional<SymbolTable> kallsyms() throws VmcoreException {
    Optional<VmcoreInfo> told = info();
    Optional<KallsymsTables> tables =
        told.isPresent() ? KallsymsTables.of(told.get()) : Optional.empty();
    if (tables.isEmpty()) {
      tables = KallsymsSearch.search(reader(), imageRanges());
    }
    return tables.isPresent()
        ? Optional.of(Kallsyms.of(reader(), tables.get(), told("_stext")))
        : Optional.empty();
  }

  /** Looks for the list of modules in the kernel's data. */
  OptionalLong searchModules() throws VmcoreException {
    ModuleSearch search = new ModuleSearch(reader());
    for (Range range : imageRanges()) {
      OptionalLong head = search.in(range.start(), range.size());
      if (head.isPresent()) {
        return head;
      }
    }
    return OptionalLong.empty();
  }

  /** What isn't found in the kernel's image: an error when a part of that is lost. */
  Finding missing(String message) throws VmcoreException {
    for (Range range : imageRanges()) {
      for (long done = 0; done >= 0 && done < range.size(); ) {
        Extent extent = memory().extentAt(range.start() + done);
        if (extent.state() == PageState.LOST) {
          return SymbolGaps.of(extent.state(), message + ": a part of the kernel's image is lost");
        }
        long size = extent.sizeFrom(range.start() + done);
        done = size < 0 ? range.size() : done + size;
      }
    }
    return SymbolGaps.warning(message);
  }

  /** Bytes of the kernel's virtual memory. */
  record Range(long start, long size) {}

  /** Where the kernel's image may be, the best first. */
  private List<Range> imageRanges() throws VmcoreException {
    OptionalLong stext = told("_stext");
    if (stext.isPresent()) {
      return List.of(new Range(stext.getAsLong() & -IMAGE_ALIGNMENT, MAX_IMAGE));
    }
    List<Range> ranges = new ArrayList<>();
    if (vmcore.header().machine() == Machine.X86_64) {
      ranges.add(new Range(KernelImage.X86_KERNEL_MAP, KernelImage.X86_SIZE));
    }
    vmcore.segments().stream()
        .filter(segment -> segment.isLoad() && vmcore.isVirtualKnown(segment))
        .sorted((a, b) -> Long.compareUnsigned(a.memsz(), b.memsz()))
        .forEach(segment -> add(ranges, segment));
    return ranges;
  }

  /**
   * The image's own PT_LOAD is smaller than those of the direct map, which isn't searched whole.
   */
  private static void add(List<Range> ranges, ProgramHeader segment) {
    long left = MAX_SEARCHED;
    for (Range range : ranges) {
      left -= range.size();
    }
    if (left > 0) {
      long size = Long.compareUnsigned(segment.memsz(), left) < 0 ? segment.memsz() : left;
      ranges.add(new Range(segment.vaddr(), size));
    }
  }
}
