package org.vmcore.debuginfo.modules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.kernel.modules.LoadedModule;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;

/**
 * Where a module's sections lie, by what it shows in {@code /sys/module/NAME/sections}. That tells
 * no sizes: each reaches up to the next one, or to the end of the module's memory. Those that it
 * had only while it started aren't there any more.
 *
 * <p>Source: kernel/module/sysfs.c, kernel/module/main.c.
 */
final class ModuleSections {
  private static final int MOST = 1 << 12;
  private static final int LONGEST_NAME = 128;
  private static final int ORC_IP_SIZE = 4;
  private static final int ORC_SIZE = 6;
  private static final int ORC_HEADER_SIZE = 20;
  private static final int NOTE_HEADER = 12;
  private static final int LARGEST_NOTES = 1 << 12;

  private final KernelObjects objects;
  private final KernelObject module;
  private final LoadedModule loaded;

  private ModuleSections(KernelObjects objects, LoadedModule loaded) throws VmcoreException {
    this.objects = objects;
    this.module = objects.at(loaded.address(), "module");
    this.loaded = loaded;
  }

  private record Start(String name, long address) {}

  /** Those of {@code loaded}, by their addresses. */
  static List<ModuleSection> of(KernelObjects objects, LoadedModule loaded) throws VmcoreException {
    ModuleSections sections = new ModuleSections(objects, loaded);
    KernelObject attributes = sections.module.get("sect_attrs").target();
    List<Start> starts =
        attributes.has("nsections")
            ? sections.counted(attributes)
            : sections.ended(attributes.get("grp.bin_attrs"));
    return sections.withSizes(starts);
  }

  /** Until 6.13 their number is told. */
  private List<Start> counted(KernelObject attributes) throws VmcoreException {
    long count = attributes.number("nsections");
    if (count > MOST) {
      throw objects.missing("module " + loaded.name() + " with fewer than " + count + " sections");
    }
    List<Start> starts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      KernelObject each = attributes.get("attrs[" + i + "]");
      Optional<KernelObject> name = each.find("battr.attr.name");
      add(starts, name.isPresent() ? name.get() : each.get("name"), each.number("address"));
    }
    return starts;
  }

  /** Since 6.14 pointers lead to them, the last one is null. */
  private List<Start> ended(KernelObject pointers) throws VmcoreException {
    List<Start> starts = new ArrayList<>();
    for (int i = 0; i < MOST; i++) {
      Optional<KernelObject> pointer = pointers.element(i);
      if (pointer.isEmpty() || pointer.get().number() == 0) {
        break;
      }
      add(starts, pointer.get().get("attr.name"), pointer.get().number("private"));
    }
    return starts;
  }

  private void add(List<Start> starts, KernelObject name, long address) throws VmcoreException {
    boolean isThere = loaded.ranges().stream().anyMatch(range -> range.contains(address));
    if (isThere) {
      starts.add(new Start(printable(name.text()), address));
    }
  }

  private static String printable(String name) {
    StringBuilder text = new StringBuilder(name);
    text.setLength(Math.min(text.length(), LONGEST_NAME));
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
        text.setCharAt(i, '_');
      }
    }
    return text.toString();
  }

  private List<ModuleSection> withSizes(List<Start> starts) throws VmcoreException {
    starts.sort((one, other) -> Long.compareUnsigned(one.address(), other.address()));
    List<ModuleSection> sections = new ArrayList<>();
    long end = 0;
    for (int i = starts.size() - 1; i >= 0; i--) {
      Start start = starts.get(i);
      if (i == starts.size() - 1 || starts.get(i + 1).address() != start.address()) {
        long next = i == starts.size() - 1 ? -1 : starts.get(i + 1).address();
        end = end(start.address(), next);
      }
      long room = end - start.address();
      long size = Math.min(room, told(start, room));
      sections.addFirst(
          new ModuleSection(
              start.name(), new AddressRange(start.address(), start.address() + size)));
    }
    return sections;
  }

  private long end(long address, long next) {
    for (AddressRange range : loaded.ranges()) {
      if (range.contains(address)) {
        return Long.compareUnsigned(next, range.end()) < 0 ? next : range.end();
      }
    }
    return address;
  }

  /** The size where something else tells it. */
  private long told(Start start, long room) throws VmcoreException {
    if (start.name().startsWith(".note")) {
      return notes(start.address(), (int) Math.min(room, LARGEST_NOTES));
    }
    if (start.name().equals(".orc_header")) {
      return ORC_HEADER_SIZE;
    }
    Optional<KernelObject> orcs = module.find("arch.num_orcs");
    if (orcs.isEmpty() || !start.name().startsWith(".orc_unwind")) {
      return room;
    }
    return orcs.get().number() * (start.name().endsWith("_ip") ? ORC_IP_SIZE : ORC_SIZE);
  }

  /** The bytes of the notes, as far as there are some. */
  private long notes(long address, int room) throws VmcoreException {
    byte[] bytes = objects.reader().upTo(address, room);
    long end = 0;
    while (bytes.length - end >= NOTE_HEADER) {
      long name = objects.reader().int32(bytes, (int) end) & 0xffff_ffffL;
      long size = objects.reader().int32(bytes, (int) end + 4) & 0xffff_ffffL;
      long next = end + NOTE_HEADER + padded(name) + padded(size);
      if (name == 0 || next > bytes.length) {
        break;
      }
      end = next;
    }
    return end;
  }

  private static long padded(long size) {
    return (size + 3) & -4;
  }
}
