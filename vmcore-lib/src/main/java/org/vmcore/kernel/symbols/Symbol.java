package org.vmcore.kernel.symbols;

import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.values.Described;

/**
 * A symbol of the kernel or of one of its modules.
 *
 * @param name as the table has it
 * @param address kernel virtual, KASLR included; of a per-CPU variable of x86_64 an offset in each
 *     CPU's area
 * @param type nm's letter, {@code T} for text and so on; {@code ?} where nothing tells
 * @param size in bytes, where the table tells it
 * @param module whose it is; empty for the kernel itself
 */
public record Symbol(
    String name, long address, char type, OptionalLong size, Optional<String> module) {
  /** The type of a symbol of which only the address is known. */
  public static final char UNKNOWN_TYPE = '?';

  static Symbol ofKernel(String name, long address, char type) {
    return new Symbol(name, address, type, OptionalLong.empty(), Optional.empty());
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("Symbol")
        .add("name", name)
        .hex("address", address)
        .add("type", type)
        .hex("size", size)
        .add("module", module)
        .toString();
  }
}
