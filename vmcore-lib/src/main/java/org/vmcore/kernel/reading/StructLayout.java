package org.vmcore.kernel.reading;

import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.VmcoreException;

/** Where VMCOREINFO says that structures have their fields; what is asked for, and in bounds. */
public final class StructLayout {
  private static final int MAX = 1 << 16;

  /** Of the structures of a log, in bytes. */
  private static final int MAX_SIZE = 1 << 10;

  private final VmcoreInfo info;
  private final String file;

  public StructLayout(VmcoreInfo info, String file) {
    this.info = info;
    this.file = file;
  }

  public long symbol(String name) throws VmcoreException {
    OptionalLong value = info.symbol(name);
    if (value.isEmpty()) {
      throw VmcoreException.of(file, "VMCOREINFO doesn't tell of SYMBOL(" + name + ")");
    }
    return value.getAsLong();
  }

  /** A field's offset in bytes. */
  public int offset(String field) throws VmcoreException {
    return bounded(info.offset(field), "OFFSET(" + field + ")", 0, MAX);
  }

  public boolean hasOffset(String field) {
    return info.offset(field).isPresent();
  }

  /** The kernel's release, when VMCOREINFO tells of it. */
  public Optional<String> release() {
    return info.osRelease();
  }

  /** A structure's size in bytes. */
  public int size(String name) throws VmcoreException {
    return bounded(info.size(name), "SIZE(" + name + ")", 1, MAX_SIZE);
  }

  public boolean hasSize(String name) {
    return info.size(name).isPresent();
  }

  private int bounded(OptionalLong value, String key, int least, int most) throws VmcoreException {
    if (value.isEmpty()) {
      throw VmcoreException.of(file, "VMCOREINFO doesn't tell of " + key);
    }
    if (value.getAsLong() < least || value.getAsLong() > most) {
      throw VmcoreException.of(
          file,
          "VMCOREINFO: " + key + "=" + value.getAsLong() + ": not from " + least + " to " + most);
    }
    return (int) value.getAsLong();
  }
}
