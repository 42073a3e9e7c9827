package org.vmcore.debuginfo.layout;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.vmcore.Vmcore;
import org.vmcore.arch.KernelMachine;
import org.vmcore.arch.Machine;
import org.vmcore.debuginfo.terms.Purpose;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.modules.LoadedModule;
import org.vmcore.kernel.symbols.KernelSymbols;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.kernel.types.Variable;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Ascending;
import org.vmcore.values.Hex;

/**
 * Where a kernel's image and its symbols lie, in memory and in a debug file. Addresses are kernel
 * virtual ones as the kernel ran, unless they are called linked: those are the file's.
 */
public final class KernelLayout {
  /** KERNEL_IMAGE_SIZE of x86_64: no image is larger. */
  private static final long MAX_IMAGE = 1L << 30;

  private static final long PAGE = 1 << 12;

  private final Kernel kernel;
  private final Purpose purpose;
  private final Machine machine;
  private final KernelSymbols symbols;
  private final AddressRange image;
  private final Optional<AddressRange> perCpu;
  private final long moved;

  private final Optional<AddressRange> text;
  private final Optional<AddressRange> initText;

  /** Behind whose start freed code may lie as well, as far as letters tell of it. */
  private final Optional<AddressRange> exitText;

  /** The addresses of all symbols and the ends of both ranges, ascending. */
  private final long[] bounds;

  private @Nullable CodeSizes codeSizes;

  private KernelLayout(
      Kernel kernel,
      Purpose purpose,
      Machine machine,
      KernelSymbols symbols,
      AddressRange image,
      Optional<AddressRange> perCpu,
      long moved) {
    this.kernel = kernel;
    this.purpose = purpose;
    this.machine = machine;
    this.symbols = symbols;
    this.image = image;
    this.perCpu = perCpu;
    this.moved = moved;
    this.text = range(symbols, "_stext", "_etext").filter(image::contains);
    this.initText = range(symbols, "_sinittext", "_einittext");
    this.exitText =
        isLetterOfCode(symbols, symbols.find("_sdata"))
            ? Optional.empty()
            : range(symbols, "_einittext", "__init_end").filter(image::contains);
    this.bounds = bounds(symbols, image, perCpu);
  }

  /**
   * The layout of {@code kernel}.
   *
   * @throws VmcoreException when nothing tells where its image lies, the dump is closed, or its
   *     file fails
   */
  public static KernelLayout of(Vmcore vmcore, Kernel kernel, Purpose purpose)
      throws VmcoreException {
    KernelSymbols symbols = kernel.symbols().ofKernel();
    AddressRange image = image(vmcore, symbols);
    List<Variable> variables = kernel.types().perCpu();
    Machine machine = KernelMachine.of(vmcore.header(), vmcore.notes(), kernel.info()).machine();
    long offset = purpose == Purpose.CRASH_DRGN ? offset(vmcore, kernel, image) : 0;
    Optional<AddressRange> perCpu =
        range(symbols, "__per_cpu_start", "__per_cpu_end")
            .or(() -> PerCpuRange.of(symbols, variables, image));
    return new KernelLayout(kernel, purpose, machine, symbols, image, perCpu, offset);
  }

  private static AddressRange image(Vmcore vmcore, KernelSymbols symbols) throws VmcoreException {
    Optional<AddressRange> image =
        range(symbols, "_text", "_end")
            .or(() -> range(symbols, "_stext", "_end"))
            .or(() -> segment(vmcore, symbols));
    if (image.isEmpty()) {
      throw VmcoreException.of(
          vmcore.name(), "no symbols _text and _end: nothing tells where the kernel's image lies");
    }
    if (Long.compareUnsigned(image.get().size(), MAX_IMAGE) > 0) {
      throw VmcoreException.of(
          vmcore.name(),
          "_end lies "
              + Hex.of(image.get().size())
              + " bytes behind _text: no image is that large");
    }
    return image.get();
  }

  /** The image's own PT_LOAD, the smallest one that has {@code _text}: from there to its end. */
  private static Optional<AddressRange> segment(Vmcore vmcore, KernelSymbols symbols) {
    int text = Math.max(symbols.find("_text"), symbols.find("_stext"));
    Optional<AddressRange> best = Optional.empty();
    for (ProgramHeader each : text < 0 ? List.<ProgramHeader>of() : vmcore.segments()) {
      long inside = text < 0 ? 0 : symbols.address(text) - each.vaddr();
      boolean isAround =
          each.isLoad() && each.memsz() > 0 && Long.compareUnsigned(inside, each.memsz()) < 0;
      long size = each.memsz() - inside;
      if (isAround && size <= MAX_IMAGE && (best.isEmpty() || size < best.get().size())) {
        best = Optional.of(AddressRange.ofSize(symbols.address(text), size));
      }
    }
    return best;
  }

  /** How far KASLR moved the kernel: by whole pages, and not into a process's addresses. */
  private static long offset(Vmcore vmcore, Kernel kernel, AddressRange image)
      throws VmcoreException {
    Optional<VmcoreInfo> info = kernel.info();
    long offset = info.isPresent() ? info.get().kernelOffset().orElse(0) : 0;
    boolean isInKernel = image.start() - offset < 0 && image.last() - offset < 0;
    if ((offset & (PAGE - 1)) != 0 || !isInKernel) {
      throw VmcoreException.of(
          vmcore.name(),
          "VMCOREINFO: KERNELOFFSET is " + Hex.of(offset) + ": no kernel is moved so");
    }
    return offset;
  }

  private static Optional<AddressRange> range(KernelSymbols symbols, String start, String end) {
    int first = symbols.find(start);
    int last = symbols.find(end);
    return first < 0
            || last < 0
            || Long.compareUnsigned(symbols.address(first), symbols.address(last)) >= 0
        ? Optional.empty()
        : Optional.of(new AddressRange(symbols.address(first), symbols.address(last)));
  }

  private static long[] bounds(
      KernelSymbols symbols, AddressRange image, Optional<AddressRange> perCpu) {
    long[] bounds = new long[symbols.count() + 3];
    for (int i = 0; i < symbols.count(); i++) {
      bounds[i] = symbols.address(i) ^ Long.MIN_VALUE;
    }
    bounds[symbols.count()] = image.start() ^ Long.MIN_VALUE;
    bounds[symbols.count() + 1] = image.end() ^ Long.MIN_VALUE;
    bounds[symbols.count() + 2] = perCpu.orElse(image).end() ^ Long.MIN_VALUE;
    Arrays.sort(bounds);
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] ^= Long.MIN_VALUE;
    }
    return bounds;
  }

  /** The kernel. */
  public Kernel kernel() {
    return kernel;
  }

  /** What the file is for. */
  public Purpose purpose() {
    return purpose;
  }

  /** The machine that it ran on. */
  public Machine machine() {
    return machine;
  }

  /** The kernel's own symbols. */
  public KernelSymbols symbols() {
    return symbols;
  }

  /** From {@code _text} to {@code _end}. */
  public AddressRange image() {
    return image;
  }

  /**
   * From {@code __per_cpu_start} to {@code __per_cpu_end}: at 0 in kernels of x86_64 before 6.15,
   * else in the image.
   */
  public Optional<AddressRange> perCpu() {
    return perCpu;
  }

  /** Whether symbol {@code index} has a place in the file. */
  public boolean isPlaced(int index) {
    long address = symbols.address(index);
    return image.contains(address)
        || address == image.end()
        || (perCpu.isPresent()
            && (perCpu.get().contains(address) || address == perCpu.get().end()));
  }

  /** Where {@code address} is in the file: per-CPU offsets stay what they are. */
  public long linked(long address) {
    return image.contains(address) || address == image.end() ? address - moved : address;
  }

  /** The modules that are loaded; none where the kernel has no list of them. */
  public List<LoadedModule> modules() throws VmcoreException {
    return address("modules").isPresent() ? kernel.modules().all() : List.of();
  }

  /** What of these modules can't be had. */
  public List<Finding> moduleGaps() throws VmcoreException {
    return address("modules").isPresent() ? kernel.modules().gaps() : List.of();
  }

  /** The address of the first symbol of this name, when it has a place in the file. */
  public OptionalLong address(String name) {
    int index = symbols.find(name);
    return index < 0 || !isPlaced(index)
        ? OptionalLong.empty()
        : OptionalLong.of(symbols.address(index));
  }

  /**
   * Whether symbol {@code index} is code: {@code t}, {@code T}, {@code w} or {@code W}, and in a
   * section of code, as far as symbols tell of these. Linux 7 has data under such letters, too. No
   * symbol tells where .exit.text lies: between other sections that are freed.
   */
  public boolean isCode(int index) {
    return isLetterOfCode(symbols, index) && isPlaced(index) && isInCode(symbols.address(index));
  }

  private static boolean isLetterOfCode(KernelSymbols symbols, int index) {
    char type = index < 0 ? Symbol.UNKNOWN_TYPE : symbols.type(index);
    return type == 't' || type == 'T' || type == 'w' || type == 'W';
  }

  private boolean isInCode(long address) {
    return text.isEmpty()
        || text.get().contains(address)
        || (initText.isPresent() && initText.get().contains(address))
        || (exitText.isPresent() && isBehind(exitText.get(), address));
  }

  private static boolean isBehind(AddressRange range, long address) {
    return address != range.start() && range.contains(address);
  }

  /** Whether a symbol lies inside of {@code range}, behind its first address. */
  boolean hasSymbols(AddressRange range) {
    long next = range.start() + room(range.start());
    return next != range.start() && Long.compareUnsigned(next, range.last()) <= 0;
  }

  /**
   * The sections of the image and of per-CPU variables, ascending; none overlaps another.
   *
   * @param withText whether the bytes of text, constants and data and BTF are wanted; without them
   *     some stay that debuggers can't do without
   * @param withNotes whether the kernel's notes can be read
   */
  public List<ImageSection> sections(boolean withText, boolean withNotes) {
    return ImageSections.of(this, withText, withNotes);
  }

  /**
   * The memory of loaded modules as sections, ascending; only a file for gdb has them.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public List<ImageSection> moduleSections() throws VmcoreException {
    return purpose == Purpose.GDB ? ModuleRegions.of(kernel, modules(), image) : List.of();
  }

  /** The bytes from {@code address} to the next symbol behind it, or to the image's end. */
  public long room(long address) {
    int next = Ascending.floor(bounds, bounds.length, address) + 1;
    return next < bounds.length ? bounds[next] - address : 0;
  }

  /**
   * The size of the code of symbol {@code index} in bytes: up to the next symbol, without the NOPs
   * and breakpoints that fill the gap between functions. Where the bytes can't be had, or are those
   * of freed code, the gap is in it. The first call looks at all of the text.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized long codeSize(int index) throws VmcoreException {
    CodeSizes sizes = codeSizes;
    if (sizes == null) {
      AddressRange text = range(symbols, "_stext", "_etext").filter(image::contains).orElse(image);
      sizes = CodeSizes.of(kernel.memory(), CodeFilling.of(machine), bounds, text);
      codeSizes = sizes;
    }
    long address = symbols.address(index);
    return sizes.of(address, room(address));
  }
}
