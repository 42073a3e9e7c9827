package org.vmcore.mmu;

import java.util.List;
import java.util.OptionalLong;
import org.vmcore.memory.PageState;
import org.vmcore.values.Described;

/**
 * The walk through page tables to one virtual address.
 *
 * @param virtual the address
 * @param physical its physical address; empty when it has none or the tables don't tell
 * @param pageSize the size in bytes of the page it lies in; 0 when there is none
 * @param steps the entries on the way, from the root on, as far as they could be read
 * @param state of the byte at the address, as {@link AddressSpace#extentAt} has it
 * @param reason why there is no physical address, in one line; empty when there is one
 */
public record Translation(
    long virtual,
    OptionalLong physical,
    long pageSize,
    List<Step> steps,
    PageState state,
    String reason) {
  /** An unmodifiable copy of the steps is kept. */
  public Translation {
    steps = List.copyOf(steps);
  }

  /**
   * An entry on the way.
   *
   * @param level Linux' name of the table: {@code PGD}, {@code P4D}, {@code PUD}, {@code PMD},
   *     {@code PTE}
   * @param entryAddress the entry's physical address
   * @param value its bits
   * @param flags those of its bits that are set and are no part of the address, by the names that
   *     the architecture's manual has, a space between two
   */
  public record Step(String level, long entryAddress, long value, String flags) {
    /** Addresses, offsets and sizes are hexadecimal. */
    @Override
    public String toString() {
      return Described.as("Translation.Step")
          .add("level", level)
          .hex("entryAddress", entryAddress)
          .hex("value", value)
          .add("flags", flags)
          .toString();
    }
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("Translation")
        .hex("virtual", virtual)
        .hex("physical", physical)
        .hex("pageSize", pageSize)
        .add("steps", steps)
        .add("state", state)
        .add("reason", reason)
        .toString();
  }
}
