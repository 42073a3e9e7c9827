package org.vmcore.remoteproc.kernel;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.objects.Members;
import org.vmcore.kernel.reading.Gap;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.Unreadable;
import org.vmcore.kernel.types.EnumType;
import org.vmcore.kernel.types.Type;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/** Reads {@code struct rproc}. Source: include/linux/remoteproc.h. */
final class ProcessorReader {
  private static final String RPROC = "rproc";

  private final KernelObjects objects;
  private final KernelReader in;
  private final Devices devices;
  private final Parts parts;
  private final PartReaders readers;
  private final Members members;
  private final long device;
  private final int name;
  private final int firmware;
  private final int ops;
  private final int power;
  private final int state;
  private final int mode;
  private final int crashes;
  private final int unrecovered;
  private final int boot;
  private final int elfClass;
  private final int machine;
  private final Optional<EnumType> states;
  private final Optional<EnumType> modes;

  ProcessorReader(KernelObjects objects, Devices devices, Parts parts) throws VmcoreException {
    this.objects = objects;
    this.in = objects.reader();
    this.devices = devices;
    this.parts = parts;
    this.readers = new PartReaders(objects, devices);
    members = new Members(objects, RPROC);
    device = objects.offset(RPROC, "dev");
    name = members.get("name");
    firmware = members.get("firmware");
    ops = members.get("ops");
    power = members.get("power.counter");
    state = members.get("state");
    mode = members.find("dump_conf");
    crashes = members.find("crash_cnt");
    unrecovered = members.find("recovery_disabled");
    boot = members.find("bootaddr");
    elfClass = members.find("elf_class");
    machine = members.find("elf_machine");
    states = enumeration("enum rproc_state");
    modes = enumeration("enum rproc_dump_mechanism");
  }

  private Optional<EnumType> enumeration(String type) throws VmcoreException {
    Optional<Type> found = objects.types().find(type);
    return found.isPresent() && found.get().plain() instanceof EnumType values
        ? Optional.of(values)
        : Optional.empty();
  }

  /** The remote processor at this kernel virtual address, without what isn't in its lists. */
  RemoteProcessor at(long address) throws VmcoreException {
    Members.Values values = members.read(address);
    Device own = devices.at(address + device);
    String place = "remote processor at " + Hex.of(address);
    if (own.name().isEmpty()) {
      parts.add(Parts.warning(place + ": its device's name can't be read"));
    }
    String whose = own.name().isEmpty() ? place : own.name();
    return new RemoteProcessor(
        address,
        own.name(),
        text(whose, "rproc.name", values.number(name)),
        text(whose, "rproc.firmware", values.number(firmware)),
        word(states, "RPROC_", values.number(state)),
        values.number(unrecovered) == 0,
        mode == Members.NONE
            ? Optional.empty()
            : Optional.of(word(modes, "RPROC_COREDUMP_", values.number(mode))),
        values.number(crashes),
        values.number(power),
        own.references(),
        values.number(boot),
        number(values, elfClass),
        number(values, machine),
        segments(whose, address),
        carveouts(whose, address),
        vdevs(whose, address),
        List.of(),
        List.of(),
        hasOwnMapping(whose, values.number(ops)));
  }

  /** The text at {@code at}; empty, and told, when it can't be read. */
  private String text(String whose, String field, long at) throws VmcoreException {
    try {
      in.bytes(at, 1, field);
      return devices.text(at);
    } catch (Unreadable e) {
      parts.add(Gap.of(Parts.CHECK, whose, e));
      return "";
    }
  }

  private static OptionalInt number(Members.Values values, int member) {
    return member == Members.NONE
        ? OptionalInt.empty()
        : OptionalInt.of((int) values.number(member));
  }

  /** The value's name without what all of them begin with; the number where it has none. */
  private static String word(Optional<EnumType> type, String start, long value) {
    Optional<String> found = type.isPresent() ? type.get().nameOf(value) : Optional.empty();
    String word = found.orElse(Long.toString(value));
    return word.startsWith(start) ? word.substring(start.length()).toLowerCase(Locale.ROOT) : word;
  }

  private List<DumpSegment> segments(String whose, long rproc) throws VmcoreException {
    return list(
        whose + ": segments", rproc, "dump_segments", "rproc_dump_segment", readers::segment);
  }

  private List<Carveout> carveouts(String whose, long rproc) throws VmcoreException {
    return list(whose + ": carveouts", rproc, "carveouts", "rproc_mem_entry", readers::carveout);
  }

  private List<Vdev> vdevs(String whose, long rproc) throws VmcoreException {
    return list(whose + ": virtio devices", rproc, "rvdevs", "rproc_vdev", readers::vdev);
  }

  /** A list of the remote processor; nothing where its kernel has no such list. */
  private <T> List<T> list(
      String whose, long rproc, String list, String type, Parts.Reader<T> reader)
      throws VmcoreException {
    boolean isKnown = objects.has(RPROC, list) && objects.has(type, "node");
    return isKnown
        ? parts.of(whose, rproc + objects.offset(RPROC, list), type, "node", reader)
        : List.of();
  }

  private boolean hasOwnMapping(String whose, long table) throws VmcoreException {
    if (table == 0 || !objects.has("rproc_ops", "da_to_va")) {
      return false;
    }
    try {
      return in.word(table + objects.offset("rproc_ops", "da_to_va"), "rproc_ops") != 0;
    } catch (VmcoreException e) {
      parts.add(Gap.of(Parts.CHECK, whose, e));
      return true;
    }
  }
}
