package org.vmcore.remoteproc.kernel;

import org.vmcore.values.Described;

/**
 * A coredump of a remote processor that user space hadn't released: {@code struct devcd_entry}.
 *
 * @param address of the structure, kernel virtual
 * @param name {@code devcd8}, its name in {@code /sys/class/devcoredump}
 * @param data where its bytes are or, where it is inline, the {@code struct rproc_coredump_state};
 *     kernel virtual
 * @param size in bytes: where it is inline of its header alone
 */
public record PendingCoredump(long address, String name, Form form, long data, long size) {
  /** How a coredump's bytes are kept. */
  public enum Form {
    /** They were copied when the remote processor crashed. */
    COPIED("copied"),
    /** They still are the remote processor's memory: its recovery waits for who reads them. */
    INLINE("inline"),
    /** By a function that isn't known here. */
    OTHER("other");

    private final String text;

    Form(String text) {
      this.text = text;
    }

    /** In lower case. */
    public String text() {
      return text;
    }
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("PendingCoredump")
        .hex("address", address)
        .add("name", name)
        .add("form", form)
        .hex("data", data)
        .hex("size", size)
        .toString();
  }
}
