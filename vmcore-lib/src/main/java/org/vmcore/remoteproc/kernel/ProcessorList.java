package org.vmcore.remoteproc.kernel;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

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
      String whose = given.isPresent() ? "--list " + Hex.of(head.getAsLong()) : LIST;
      return followed(whose, head.getAsLong());
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
    return found.isPresent() ? followed(LIST, found.getAsLong()) : known;
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

  /** Where it breaks off it is a loss, whyever: what is behind may be missing. */
  private List<Long> followed(String whose, long head) throws VmcoreException {
    Parts.Entries entries = parts.entries(head, node);
    if (entries.damage().isEmpty()) {
      return entries.addresses();
    }
    lost(whose, entries.damage());
    Set<Long> found = new LinkedHashSet<>(entries.addresses());
    int count = found.size();
    found.addAll(ofClass());
    if (found.size() > count) {
      String line = whose + ": " + (found.size() - count) + " more are found by their devices";
      parts.add(Parts.warning(line));
    }
    return List.copyOf(found);
  }

  private void lost(String whose, List<Finding> damage) {
    for (Finding each : damage) {
      parts.add(Parts.error(whose + ": " + each.message()));
    }
  }

  /** Those whose devices stand in {@code /sys/class/remoteproc}. */
  private List<Long> ofClass() throws VmcoreException {
    Set<Long> found = new LinkedHashSet<>();
    if (sysfs.isPresent()) {
      for (long kobject : sysfs.get().ofClass("remoteproc")) {
        found.add(kobject - objects.offset("device", "kobj") - device);
      }
    }
    return List.copyOf(found);
  }

  /**
   * The one of the ring through {@code rproc} that is no remote processor: what is there for its
   * class is another word or, where no member has another one, can't be read.
   */
  private OptionalLong head(long rproc) throws VmcoreException {
    Parts.Entries ring = parts.entries(rproc + node, node);
    Optional<Long> type = type(rproc);
    OptionalLong unreadable = OptionalLong.empty();
    for (long other : type.isPresent() ? ring.addresses() : List.<Long>of()) {
      Optional<Long> own = type(other);
      if (own.isPresent() && !own.equals(type)) {
        return OptionalLong.of(other + node);
      }
      if (own.isEmpty() && unreadable.isEmpty()) {
        unreadable = OptionalLong.of(other + node);
      }
    }
    if (unreadable.isEmpty()) {
      lost(LIST, ring.damage());
      String line = LIST + ": no head is in the ring through the remote processor at ";
      parts.add(Parts.error(line + Hex.of(rproc) + ": all are found by their devices"));
    }
    return unreadable;
  }

  /** The class of its device; empty when that can't be read. */
  private Optional<Long> type(long rproc) {
    try {
      return Optional.of(devices.at(rproc + device).type());
    } catch (VmcoreException _) {
      return Optional.empty();
    }
  }
}
