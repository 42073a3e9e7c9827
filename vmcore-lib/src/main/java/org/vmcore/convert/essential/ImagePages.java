package org.vmcore.convert.essential;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.AddressSpace;

/**
 * The kernel's image: from {@code _stext} to {@code _end}, without what a kernel frees of it when
 * it has booted (FORMATS.md, 123). Where there are no symbols all of it counts.
 */
final class ImagePages {
  /** The modules of x86_64 begin behind so much of address space. */
  private static final long LARGEST = 1L << 30;

  /** What is freed of an image in one piece is smaller. */
  private static final long GAP = 16L << 20;

  private static final long STEP = 1L << 16;

  /** More than the page tables are that an arm64 kernel boots with. */
  private static final int BOOT_TABLES = 16;

  /** To these arm64's image is aligned behind its last page. */
  private static final long SEGMENT = 1L << 16;

  private final Vmcore vmcore;
  private final Kernel kernel;
  private final PageRanges out;

  ImagePages(Vmcore vmcore, Kernel kernel, PageRanges out) {
    this.vmcore = vmcore;
    this.kernel = kernel;
    this.out = out;
  }

  void find() throws VmcoreException {
    OptionalLong start = symbol("_stext");
    if (start.isEmpty()) {
      throw VmcoreException.of(vmcore.name(), "no symbol _stext");
    }
    long end = end(start.getAsLong());
    if (end - start.getAsLong() <= 0 || end - start.getAsLong() > LARGEST) {
      throw VmcoreException.of(vmcore.name(), "nothing tells where it ends");
    }
    OptionalLong physical = kernel.memory().physical(start.getAsLong());
    if (physical.isEmpty()) {
      throw VmcoreException.of(vmcore.name(), "_stext isn't mapped");
    }
    long toPhysical = physical.getAsLong() - start.getAsLong();
    long at = start.getAsLong();
    for (AddressRange freed : freed(end)) {
      if (freed.start() >= at && freed.start() < end) {
        add(at, freed.start(), toPhysical);
        at = freed.end();
      }
    }
    long certain = Math.max(at, end - uncertain());
    add(at, certain, toPhysical);
    if (certain < end) {
      out.physical(EssentialKind.IMAGE_END, certain + toPhysical, end - certain);
    }
  }

  /** How many bytes at the end may have been freed without a symbol that tells of it. */
  private long uncertain() throws VmcoreException {
    boolean isKnown = !vmcore.architecture().equals("arm64") || symbol("init_pg_dir").isPresent();
    return isKnown ? 0 : BOOT_TABLES * out.pageSize() + SEGMENT;
  }

  /** Some kernels' kallsyms lack {@code _end}. */
  private long end(long start) throws VmcoreException {
    OptionalLong symbol = symbol("_end");
    if (symbol.isEmpty()) {
      symbol = symbol("__brk_limit");
    }
    long known = symbol.orElse(loadEnd(start));
    return known == start ? mappedEnd(start) : known;
  }

  /**
   * Where what is mapped to physical memory in a row ends, but for gaps that were freed; {@code
   * start} where that is all memory from there on: the image lies in the direct map then.
   */
  private long mappedEnd(long start) throws VmcoreException {
    Optional<AddressSpace> tables = kernel.memory().tables();
    OptionalLong first = tables.isEmpty() ? OptionalLong.empty() : tables.get().physical(start);
    long end = start;
    for (long at = start; first.isPresent() && at - start < LARGEST && at - end < GAP; at += STEP) {
      OptionalLong physical = tables.get().physical(at);
      if (physical.isPresent() && physical.getAsLong() - first.getAsLong() == at - start) {
        end = at + STEP;
      }
    }
    return first.isPresent() && isRam(first.getAsLong() + (end - start)) ? end : start;
  }

  private boolean isRam(long address) throws VmcoreException {
    return vmcore.physical().extentAt(address).state() != PageState.NOT_RAM;
  }

  /** What is freed, as virtual addresses, ascending. */
  private List<AddressRange> freed(long end) throws VmcoreException {
    List<AddressRange> freed = new ArrayList<>();
    between(symbol("_etext"), symbol("__start_rodata"), freed);
    between(symbol("__end_rodata"), symbol("_sdata"), freed);
    between(symbol("__init_begin"), initEnd(), freed);
    between(symbol("__smp_locks"), symbol("__smp_locks_end"), freed);
    between(symbol("__start_bss_decrypted_unused"), symbol("__end_bss_decrypted"), freed);
    between(symbol("init_pg_dir"), symbol("init_pg_end"), freed);
    between(pointer("_brk_end"), OptionalLong.of(end), freed);
    return freed;
  }

  /** Where kallsyms has functions alone, arm64 has unmapped what it freed. */
  private OptionalLong initEnd() throws VmcoreException {
    OptionalLong end = symbol("__init_end");
    OptionalLong begin = symbol("__init_begin");
    Optional<AddressSpace> tables = kernel.memory().tables();
    if (end.isPresent() || begin.isEmpty() || tables.isEmpty()) {
      return end;
    }
    for (long at = begin.getAsLong(); at - begin.getAsLong() < GAP; at += out.pageSize()) {
      if (tables.get().physical(at).isPresent()) {
        return OptionalLong.of(at);
      }
    }
    return end;
  }

  /** Adds the whole pages between two addresses, if both are known. */
  private void between(OptionalLong from, OptionalLong to, List<AddressRange> freed) {
    if (from.isPresent() && to.isPresent()) {
      long start = (from.getAsLong() + out.pageSize() - 1) & -out.pageSize();
      long end = to.getAsLong() & -out.pageSize();
      if (Long.compareUnsigned(start, end) < 0) {
        freed.add(new AddressRange(start, end));
      }
    }
  }

  /** The image lies in a row in physical memory, also where it isn't mapped any more. */
  private void add(long from, long to, long toPhysical) {
    if (to > from) {
      out.physical(EssentialKind.KERNEL_IMAGE, from + toPhysical, to - from);
    }
  }

  private OptionalLong symbol(String name) throws VmcoreException {
    return kernel.symbols().addressInKernel(name);
  }

  private OptionalLong pointer(String name) throws VmcoreException {
    OptionalLong variable = symbol(name);
    return variable.isEmpty()
        ? variable
        : OptionalLong.of(kernel.objects().reader().word(variable.getAsLong(), name));
  }

  /** Where the PT_LOAD ends that has {@code address}, if it is the image's own. */
  private long loadEnd(long address) {
    for (ProgramHeader each : vmcore.segments()) {
      boolean isIn =
          each.isLoad()
              && vmcore.isVirtualKnown(each)
              && Long.compareUnsigned(address - each.vaddr(), each.memsz()) < 0;
      if (isIn && each.memsz() <= LARGEST) {
        return each.vaddr() + each.memsz();
      }
    }
    return address;
  }
}
