package org.vmcore.remoteproc.kernel;

import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.objects.Members;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Printable;

/** Reads devices. Sources: include/linux/device.h, kobject.h. */
final class Devices {
  private static final int MAX_NAME = 256;

  private final KernelReader in;
  private final Members members;
  private final int name;
  private final int references;
  private final int initialized;
  private final int inSysfs;
  private final int parent;
  private final int driver;
  private final int type;
  private final int release;

  Devices(KernelObjects objects) throws VmcoreException {
    in = objects.reader();
    members = new Members(objects, "device");
    name = members.get("kobj.name");
    references = members.get("kobj.kref.refcount.refs.counter", "kobj.kref.refcount.counter");
    initialized = members.get("kobj.state_initialized");
    inSysfs = members.get("kobj.state_in_sysfs");
    parent = members.get("parent");
    driver = members.get("driver");
    type = members.get("class");
    release = members.get("release");
  }

  /** The device at this kernel virtual address. */
  Device at(long address) throws VmcoreException {
    Members.Values values = members.read(address);
    return new Device(
        address,
        text(values.number(name)),
        values.number(references),
        values.number(initialized) != 0,
        values.number(inSysfs) != 0,
        values.number(parent),
        values.number(driver),
        values.number(type),
        values.number(release));
  }

  /** The text at this address; empty for none, or when it can't be read. */
  String text(long address) throws VmcoreException {
    return address == 0 ? "" : Printable.utf8(in.text(address, MAX_NAME));
  }
}
