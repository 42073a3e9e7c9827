package org.vmcore.kernel.walks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.Unreadable;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.MappedRange;
import org.vmcore.mmu.VirtualPlaces;
import org.vmcore.values.PageSizes;

/**
 * The pages of vmalloc's areas, modules' among them, as the kernel keeps them in {@code struct
 * vm_struct}: where a dump lacks page tables these tell the same.
 *
 * <p>An area is looked up in the kernel's trees of them: one, or since 6.9 one for each of
 * vmap_nodes. Its page's number is told by the place of {@code struct page} in vmemmap. Areas of
 * other memory than pages, ioremap's, aren't known.
 *
 * <p>Source: mm/vmalloc.c.
 */
public final class VmallocAreas implements VirtualPlaces {
  private static final String AREA = "vmap_area";
  private static final String VM = "vm_struct";

  /** No tree is deeper, and there are no more of them than 128. */
  private static final int MOST_DEPTH = 128;

  private static final int MOST_TREES = 128;

  private final KernelObjects objects;

  /** That this thread is looking something up: what it reads for that is none of its business. */
  private final ThreadLocal<Boolean> isBusy = ThreadLocal.withInitial(() -> false);

  /** None, or the one; null until they are looked for. */
  private volatile @Nullable List<Trees> trees;

  /** Those of the kernel of {@code objects}; nothing is read before an area is asked for. */
  public VmallocAreas(KernelObjects objects) {
    this.objects = objects;
  }

  /**
   * Where the trees are, and how they are read.
   *
   * @param roots kernel virtual addresses of the trees' {@code struct rb_root}
   * @param vmemmap the kernel virtual address that {@code struct page} of physical address 0 has
   * @param pageStruct its size in bytes
   */
  private record Trees(
      KernelReader in,
      List<Long> roots,
      long vmemmap,
      long pageStruct,
      long pageSize,
      Offsets offsets) {}

  /** Offsets of members, in bytes. */
  private record Offsets(
      long node,
      long left,
      long right,
      long start,
      long end,
      long vm,
      long addr,
      long pages,
      long count) {}

  @Override
  public Optional<MappedRange> at(long address) throws VmcoreException {
    if (isBusy.get()) {
      return Optional.empty();
    }
    isBusy.set(true);
    try {
      Optional<Trees> known = trees();
      return known.isEmpty() ? Optional.empty() : find(known.get(), address);
    } finally {
      isBusy.set(false);
    }
  }

  private Optional<Trees> trees() throws VmcoreException {
    List<Trees> known = trees;
    if (known == null) {
      known = findTrees().stream().toList();
      trees = known;
    }
    return known.stream().findFirst();
  }

  private Optional<Trees> findTrees() throws VmcoreException {
    Optional<VmcoreInfo> info = objects.kernel().info();
    if (info.isEmpty()) {
      return Optional.empty();
    }
    OptionalLong vmemmap = info.get().symbol("vmemmap");
    OptionalLong pageStruct = info.get().size("page");
    long pageSize = info.get().pageSize().orElse(0);
    if (vmemmap.isEmpty() || !PageSizes.isValid(pageSize) || pageStruct.orElse(0) <= 0) {
      return Optional.empty();
    }
    if (!hasTrees() || !isKnown()) {
      return Optional.empty();
    }
    return Optional.of(
        new Trees(
            objects.reader(),
            roots(),
            vmemmap.getAsLong(),
            pageStruct.getAsLong(),
            pageSize,
            offsets()));
  }

  /** Types that a kernel lacks are looked for in its modules: only one with trees is asked. */
  private boolean hasTrees() throws VmcoreException {
    return objects.symbols().addressInKernel("vmap_nodes").isPresent()
        || objects.symbols().addressInKernel("vmap_area_root").isPresent();
  }

  /** Whether the kernel's types have all that is read. */
  private boolean isKnown() throws VmcoreException {
    for (String member : List.of("rb_node", "va_start", "va_end", "vm")) {
      if (!objects.has(AREA, member)) {
        return false;
      }
    }
    for (String member : List.of("addr", "pages", "nr_pages")) {
      if (!objects.has(VM, member)) {
        return false;
      }
    }
    return objects.has("rb_node", "rb_left") && objects.has("rb_node", "rb_right");
  }

  private Offsets offsets() throws VmcoreException {
    return new Offsets(
        objects.offset(AREA, "rb_node"),
        objects.offset("rb_node", "rb_left"),
        objects.offset("rb_node", "rb_right"),
        objects.offset(AREA, "va_start"),
        objects.offset(AREA, "va_end"),
        objects.offset(AREA, "vm"),
        objects.offset(VM, "addr"),
        objects.offset(VM, "pages"),
        objects.offset(VM, "nr_pages"));
  }

  private List<Long> roots() throws VmcoreException {
    List<Long> roots = new ArrayList<>();
    objects.symbols().addressInKernel("vmap_area_root").ifPresent(roots::add);
    try {
      addNodes(roots);
    } catch (Unreadable e) {
      return roots; // they are lost
    }
    return roots;
  }

  private void addNodes(List<Long> roots) throws VmcoreException {
    OptionalLong nodes = objects.symbols().addressInKernel("vmap_nodes");
    OptionalLong count = objects.symbols().addressInKernel("nr_vmap_nodes");
    KernelReader in = objects.reader();
    if (nodes.isPresent() && count.isPresent() && objects.has("vmap_node", "busy.root")) {
      long first = in.word(nodes.getAsLong(), "vmap_nodes");
      long trees = Math.min(in.u32(count.getAsLong(), "nr_vmap_nodes"), MOST_TREES);
      long size = objects.type("struct vmap_node").size();
      for (int i = 0; i < trees; i++) {
        roots.add(first + i * size + objects.offset("vmap_node", "busy.root"));
      }
    }
  }

  private static Optional<MappedRange> find(Trees trees, long address) throws VmcoreException {
    Optional<MappedRange> found = Optional.empty();
    for (long root : trees.roots()) {
      found = found.isPresent() ? found : inReadableTree(trees, root, address);
    }
    return found;
  }

  /** Of a tree that can't be read nothing is known. */
  private static Optional<MappedRange> inReadableTree(Trees trees, long root, long address)
      throws VmcoreException {
    try {
      return inTree(trees, root, address);
    } catch (Unreadable e) {
      return Optional.empty();
    }
  }

  private static Optional<MappedRange> inTree(Trees trees, long root, long address)
      throws VmcoreException {
    KernelReader in = trees.in();
    Offsets offsets = trees.offsets();
    long node = in.word(root, "rb_root");
    for (int depth = 0; node != 0 && depth < MOST_DEPTH; depth++) {
      long area = node - offsets.node();
      long start = in.word(area + offsets.start(), AREA);
      long end = in.word(area + offsets.end(), AREA);
      if (Long.compareUnsigned(address, start) < 0) {
        node = in.word(node + offsets.left(), AREA);
      } else if (Long.compareUnsigned(address, end) >= 0) {
        node = in.word(node + offsets.right(), AREA);
      } else {
        return page(trees, in.word(area + offsets.vm(), AREA), address);
      }
    }
    return Optional.empty();
  }

  /** The page of {@code vm}, the address of a vm_struct, that has {@code address}. */
  private static Optional<MappedRange> page(Trees trees, long vm, long address)
      throws VmcoreException {
    KernelReader in = trees.in();
    Offsets offsets = trees.offsets();
    long pages = vm == 0 ? 0 : in.word(vm + offsets.pages(), VM);
    if (pages == 0) {
      return Optional.empty();
    }
    long index = (address - in.word(vm + offsets.addr(), VM)) / trees.pageSize();
    if (index < 0 || index >= in.u32(vm + offsets.count(), VM)) {
      return Optional.empty();
    }
    long struct = in.word(pages + index * in.wordSize(), "pages");
    long inMap = struct - trees.vmemmap();
    return struct == 0 || inMap % trees.pageStruct() != 0
        ? Optional.empty()
        : Optional.of(
            new MappedRange(
                MappedRange.AREA,
                address & -trees.pageSize(),
                inMap / trees.pageStruct() * trees.pageSize(),
                trees.pageSize()));
  }
}
