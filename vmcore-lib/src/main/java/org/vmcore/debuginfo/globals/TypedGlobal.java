package org.vmcore.debuginfo.globals;

import java.util.List;

/**
 * A variable and its type: an array, where it has {@code counts}, of what the {@code layers} make
 * of {@code base}.
 *
 * @param name its symbol
 * @param address kernel virtual, or the offset in each CPU's area
 * @param isExternal whether other files know it
 * @param base the number of a type in the kernel's BTF; 0 is {@code void}
 * @param structure what {@code base} is where BTF has no name for it; else empty
 * @param layers from the base outward
 * @param counts of an array's dimensions, as C writes them
 */
public record TypedGlobal(
    String name,
    long address,
    boolean isExternal,
    int base,
    List<Part> structure,
    List<Layer> layers,
    List<Long> counts) {
  /** An unmodifiable copy of the lists is kept. */
  public TypedGlobal {
    structure = List.copyOf(structure);
    layers = List.copyOf(layers);
    counts = List.copyOf(counts);
  }

  /** Something of the type with this number in the kernel's BTF. */
  public static TypedGlobal of(String name, long address, boolean isExternal, int type) {
    return new TypedGlobal(name, address, isExternal, type, List.of(), List.of(), List.of());
  }

  /**
   * A member of a structure without a tag.
   *
   * @param type the number of its type in the kernel's BTF
   * @param offset in bytes
   * @param size in bytes
   */
  public record Part(String name, int type, long offset, long size) {
    /** Where the next one may begin. */
    public long end() {
      return offset + size;
    }
  }
}
