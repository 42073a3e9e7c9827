package org.vmcore.kernel;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.vmcore.Vmcore;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.btf.KernelTypes;
import org.vmcore.kernel.crash.Crash;
import org.vmcore.kernel.log.KernelLog;
import org.vmcore.kernel.modules.Modules;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.StructLayout;
import org.vmcore.kernel.stacks.Stack;
import org.vmcore.kernel.stacks.Stacks;
import org.vmcore.kernel.symbols.Symbols;
import org.vmcore.kernel.system.SystemState;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.kernel.tasks.Tasks;
import org.vmcore.kernel.types.Types;
import org.vmcore.kernel.walks.VmallocAreas;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.KernelMemory;
import org.vmcore.open.Search;

/**
 * The kernel that a dump is of. It lives as long as its {@link Vmcore}; any number of threads may
 * use it.
 *
 * {@snippet :
 * Kernel kernel = Kernel.of(vmcore);
 * Optional<Symbol> panic = kernel.symbols().first("panic");
 * MemorySegment code = MemorySegment.ofArray(new byte[64]);
 * kernel.memory().read(panic.orElseThrow().address(), code);
 * List<Finding> gaps = kernel.log().records(line -> print(line.level(), line.text()));
 * }
 */
public final class Kernel {
  private static final String BANNER = "Linux version ";
  private static final int MAX_BANNER = 1024;

  private final KernelInfo info;
  private final Symbols symbols;
  private final Types types;
  private final KernelObjects objects;
  private final Tasks tasks;
  private final Modules modules;
  private @Nullable Stacks stacks;

  private Kernel(KernelInfo info, Symbols symbols, Optional<Path> btf) {
    this.info = info;
    this.symbols = symbols;
    this.types = KernelTypes.of(info, symbols, btf);
    this.objects = KernelObjects.of(info, symbols, types);
    this.tasks = Tasks.of(objects);
    this.modules = Modules.of(objects);
    info.places(new VmallocAreas(objects));
  }

  /** The kernel of {@code vmcore}. Nothing is read before it is asked for. */
  public static Kernel of(Vmcore vmcore) {
    return of(vmcore, vmcore.search());
  }

  /** The kernel of {@code vmcore}, whose memory is searched so far. */
  public static Kernel of(Vmcore vmcore, Search search) {
    KernelInfo info = new KernelInfo(vmcore, search);
    return new Kernel(info, Symbols.of(info), Optional.empty());
  }

  /**
   * The kernel of {@code vmcore}, its symbols from {@code systemMap} where that is given, its types
   * from {@code btf}.
   *
   * @param btf a file of BTF, or an ELF file with a section {@code .BTF}
   * @throws VmcoreException when the System.map can't be read or isn't this kernel's, the dump is
   *     closed, or its file fails
   */
  public static Kernel of(Vmcore vmcore, Optional<Path> systemMap, Optional<Path> btf)
      throws VmcoreException {
    KernelInfo info = new KernelInfo(vmcore, vmcore.search());
    Symbols symbols = systemMap.isEmpty() ? Symbols.of(info) : Symbols.of(info, systemMap.get());
    return new Kernel(info, symbols, btf);
  }

  /**
   * What the kernel tells of itself: the dump's note or, where it has none, one that is searched
   * for in all of its memory.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public Optional<VmcoreInfo> info() throws VmcoreException {
    return info.info();
  }

  /**
   * The byte order of the kernel's memory, which may be another one than that of the dump's headers
   * and of the notes.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public ByteOrder order() throws VmcoreException {
    return info.order();
  }

  /**
   * The physical address at which VMCOREINFO was found, where the dump has no such note.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public OptionalLong infoFoundAt() throws VmcoreException {
    return info.foundAt();
  }

  /** What of memory wasn't searched so far for VMCOREINFO, a warning. */
  public List<Finding> gaps() {
    return info.gap().stream().toList();
  }

  /**
   * What is to be said of how VMCOREINFO was chosen: warnings where it may be the wrong one.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public List<Finding> infoFindings() throws VmcoreException {
    return info.findings();
  }

  /**
   * The kernel's virtual memory: by its page tables, else by what the PT_LOADs tell.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public KernelMemory memory() throws VmcoreException {
    return info.memory();
  }

  /** The names and addresses of the kernel and its modules. */
  public Symbols symbols() {
    return symbols;
  }

  /** The types of the kernel and its modules. */
  public Types types() {
    return types;
  }

  /** The kernel's memory by these types. */
  public KernelObjects objects() {
    return objects;
  }

  /** Processes, threads, and the CPUs' idle tasks. */
  public Tasks tasks() {
    return tasks;
  }

  /** The modules that are loaded. */
  public Modules modules() {
    return modules;
  }

  /** How long it ran, its load, its taints, its memory. */
  public SystemState system() {
    return SystemState.of(objects);
  }

  /**
   * The stacks of its tasks.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized Stacks stacks() throws VmcoreException {
    Stacks known = stacks;
    if (known == null) {
      known = Stacks.of(info.vmcore(), objects, tasks, modules);
      stacks = known;
    }
    return known;
  }

  /**
   * The kernel stack of {@code task}, as far as it can be followed.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public Stack stack(Task task) throws VmcoreException {
    return stacks().of(task);
  }

  /**
   * What an engineer asks first: what happened, where, and whose fault it was. It is read anew at
   * each call.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public Crash crash() throws VmcoreException {
    return Crash.of(log(), objects, tasks, modules, system(), stacks());
  }

  /** The kernel's log. */
  public KernelLog log() {
    return KernelLog.of(info);
  }

  /**
   * What {@code uname} says: read from the kernel's memory, as VMCOREINFO describes it.
   *
   * @throws VmcoreException when it can't be read, the dump is closed, or its file fails
   */
  public UtsName uts() throws VmcoreException {
    Optional<VmcoreInfo> known = info();
    if (known.isEmpty()) {
      throw VmcoreException.of(
          info.file(), info.missing("no VMCOREINFO, which tells where utsname is"));
    }
    return UtsName.read(info.reader(), new StructLayout(known.get(), info.file()));
  }

  /**
   * {@code linux_banner}, the first line of the log: {@code Linux version 6.1.0 (…) …}; empty when
   * no symbol tells of it, or it can't be read.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public Optional<String> banner() throws VmcoreException {
    OptionalLong address = symbols.addressInKernel("linux_banner");
    String text = address.isEmpty() ? "" : info.reader().text(address.getAsLong(), MAX_BANNER);
    return text.startsWith(BANNER) ? Optional.of(text.stripTrailing()) : Optional.empty();
  }
}
