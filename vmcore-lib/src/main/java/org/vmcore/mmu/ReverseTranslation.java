package org.vmcore.mmu;

import java.util.List;
import org.vmcore.values.Described;

/**
 * The kernel virtual addresses that lead to one physical address.
 *
 * @param physical the address
 * @param places the virtual ones, by address
 * @param reason why there may be more, in one line; empty when these are all
 */
public record ReverseTranslation(long physical, List<Place> places, String reason) {
  /** An unmodifiable copy of the places is kept. */
  public ReverseTranslation {
    places = List.copyOf(places);
  }

  /**
   * One of the virtual addresses.
   *
   * @param virtual the address
   * @param pageSize the size in bytes of the page it lies in; 0 where no page table tells
   * @param map what it belongs to: {@code direct map}, {@code kernel image}; {@code other} for
   *     modules, vmalloc and all else
   */
  public record Place(long virtual, long pageSize, String map) {
    /** Addresses, offsets and sizes are hexadecimal. */
    @Override
    public String toString() {
      return Described.as("ReverseTranslation.Place")
          .hex("virtual", virtual)
          .hex("pageSize", pageSize)
          .add("map", map)
          .toString();
    }
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("ReverseTranslation")
        .hex("physical", physical)
        .add("places", places)
        .add("reason", reason)
        .toString();
  }
}
