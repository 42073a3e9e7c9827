package org.vmcore.debuginfo.layout;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.vmcore.debuginfo.layout.ImageSection.Access;
import org.vmcore.debuginfo.layout.ImageSection.Content;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.modules.LoadedModule;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.Unreadable;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;

/**
 * The memory of loaded modules as sections: {@code .text.NAME} and {@code .data.NAME}, and behind
 * {@code .init} what a module has while it starts. A file has nothing of them but the addresses.
 */
final class ModuleRegions {
  /** A file has fewer than 65280 sections; no kernel has a thousand modules. */
  private static final int MOST = 1 << 13;

  /** No module's memory is as large, in bytes. */
  private static final long LARGEST = 1 << 28;

  /** Where the code ends that data lies behind, up to 6.3: FORMATS.md, 169. */
  private static final List<String> TEXT_SIZES = List.of("core_layout.text_size", "core_text_size");

  private final KernelObjects objects;
  private final AddressRange image;
  private final Set<String> names = new HashSet<>();
  private final List<ImageSection> sections = new ArrayList<>();

  private ModuleRegions(Kernel kernel, AddressRange image) throws VmcoreException {
    this.objects = kernel.objects();
    this.image = image;
  }

  /**
   * Those of {@code modules}, ascending; none overlaps another or {@code image}.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  static List<ImageSection> of(Kernel kernel, List<LoadedModule> modules, AddressRange image)
      throws VmcoreException {
    ModuleRegions regions = new ModuleRegions(kernel, image);
    for (LoadedModule each : modules) {
      regions.module(each);
    }
    return regions.ascending();
  }

  private void module(LoadedModule module) throws VmcoreException {
    String name = module.name();
    OptionalLong text = textSize(module);
    if (module.ranges().size() == 1 && text.isPresent()) {
      AddressRange all = module.ranges().getFirst();
      long end = all.start() + Math.clamp(text.getAsLong(), 0, all.size());
      add(".text." + name, all.start(), end, Access.EXECUTE);
      add(".data." + name, end, all.end(), Access.WRITE);
    } else {
      addAll("", name, module.ranges());
    }
    addAll(".init", name, module.init());
  }

  private void addAll(String prefix, String name, List<AddressRange> ranges) {
    for (int i = 0; i < ranges.size(); i++) {
      AddressRange range = ranges.get(i);
      Access access = i == 0 ? Access.EXECUTE : Access.WRITE;
      String kind = i == 0 ? ".text." : ".data.";
      add(prefix + kind + name, range.start(), range.end(), access);
    }
  }

  private void add(String name, long start, long end, Access access) {
    boolean isKernels = start < 0 && end < 0;
    if (isKernels && end > start && end - start <= LARGEST && sections.size() < MOST) {
      AddressRange range = new AddressRange(start, end);
      if (!range.overlaps(image)) {
        sections.add(new ImageSection(unique(name), range, Content.NOTHING, access));
      }
    }
  }

  /** The same with a number behind it where there is one of this name. */
  private String unique(String name) {
    String free = name;
    for (int i = 2; !names.add(free); i++) {
      free = name + "." + i;
    }
    return free;
  }

  private OptionalLong textSize(LoadedModule module) throws VmcoreException {
    for (String path : TEXT_SIZES) {
      if (objects.has("module", path)) {
        try {
          KernelObject object = objects.at(module.address(), "module");
          return OptionalLong.of(object.number(path) & 0xffff_ffffL);
        } catch (Unreadable e) {
          return OptionalLong.empty(); // its code isn't told from its data
        }
      }
    }
    return OptionalLong.empty();
  }

  private List<ImageSection> ascending() {
    sections.sort((one, other) -> Long.compareUnsigned(one.range().start(), other.range().start()));
    List<ImageSection> apart = new ArrayList<>();
    for (ImageSection each : sections) {
      if (apart.isEmpty() || !apart.getLast().range().overlaps(each.range())) {
        apart.add(each);
      }
    }
    return apart;
  }
}
