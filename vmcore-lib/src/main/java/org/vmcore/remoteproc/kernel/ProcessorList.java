package org.vmcore.remoteproc.kernel;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.Gap;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.memory.VmcoreException;

/**
 * Finds the kernel's remote processors: by the list {@code rproc_list}, whose head a symbol tells.
 * It is a variable of one file: a kernel whose kallsyms have functions alone tells nothing of it.
 * Then a device of the class {@code remoteproc} leads into the ring; and where that is torn these
 * devices are what is left of it.
 */
final class ProcessorList {
  private static final String LIST = "rproc_list";

  private final KernelObjects objects;
  private final Devices devices;
  private final Optional<Sysfs> sysfs;
  private final Parts parts;
  private final long device;
  private final long node;
  private boolean isUnknown;

  ProcessorList(KernelObjects objects, Devices devices, Optional<Sysfs> sysfs, Parts parts)
      throws VmcoreException {
    this.objects = objects;
    this.devices = devices;
    this.sysfs = sysfs;
    this.parts = parts;
    this.device = objects.offset("rproc", "dev");
    this.node = objects.offset("rproc", "node");
  }

  /**
   * The addresses of all, the last one registered first.
   *
   * @param given where the list's head lies, when the caller knows
   * @return none when nothing leads to them: {@link #isUnknown} tells it apart
   */
  List<Long> find(OptionalLong given) throws VmcoreException {
    OptionalLong head = given.isPresent() ? given : symbol();
    if (head.isPresent()) {
      return followed(head.getAsLong());
    }
    if (sysfs.isEmpty()) {
      isUnknown = true;
      objects.symbols().gaps().forEach(parts::add);
      return List.of();
    }
    List<Long> known = ofClass();
    if (known.isEmpty()) {
      return known;
    }
    OptionalLong found = head(known.getFirst());
    return found.isPresent() ? followed(found.getAsLong()) : known;
  }

  /** Whether nothing led to the list. */
  boolean isUnknown() {
    return isUnknown;
  }

  private OptionalLong symbol() throws VmcoreException {
    Optional<Symbol> found = objects.symbols().first(LIST);
    boolean isPlaced =
        found.isPresent() && (found.get().module().isPresent() || objects.symbols().isPlaced());
    return isPlaced ? OptionalLong.of(found.get().address()) : OptionalLong.empty();
  }

  private List<Long> followed(long head) throws VmcoreException {
    int before = parts.gaps().size();
    Set<Long> found = new LinkedHashSet<>(parts.addresses(LIST, head, node));
    if (parts.gaps().size() > before) {
      int count = found.size();
      found.addAll(ofClass());
      if (found.size() > count) {
        String line = LIST + ": " + (found.size() - count) + " more are found by their devices";
        parts.add(Parts.warning(line));
      }
    }
    return List.copyOf(found);
  }

  /** Those whose devices stand in {@code /sys/class/remoteproc}. */
  private List<Long> ofClass() throws VmcoreException {
    List<Long> found = new ArrayList<>();
    if (sysfs.isPresent()) {
      for (long kobject : sysfs.get().ofClass("remoteproc")) {
        found.add(kobject - objects.offset("device", "kobj") - device);
      }
    }
    return found;
  }

  /** The one of the ring through {@code rproc} that is no remote processor. */
  private OptionalLong head(long rproc) throws VmcoreException {
    long type = devices.at(rproc + device).type();
    for (long other : parts.addresses(LIST, rproc + node, node)) {
      if (!isOfClass(other, type)) {
        return OptionalLong.of(other + node);
      }
    }
    return OptionalLong.empty();
  }

  private boolean isOfClass(long rproc, long type) {
    try {
      return devices.at(rproc + device).type() == type;
    } catch (VmcoreException e) {
      parts.add(Gap.of(Parts.CHECK, LIST, e));
      return false;
    }
  }
}
