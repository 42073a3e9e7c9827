package org.vmcore.arch.frames;

/**
 * An offset in bytes, which a kernel's types may tell.
 *
 * @param struct the structure whose member tells it; empty where it is the same for all kernels
 * @param behind what is added to the member's offset
 * @param usual the offset where no type tells
 */
public record Place(String struct, String member, long behind, long usual) {
  /** An offset that all kernels have. */
  public static Place at(long offset) {
    return new Place("", "", 0, offset);
  }

  /** The offset of a member and {@code behind}; {@code usual} where there is no such member. */
  public static Place of(String struct, String member, long behind, long usual) {
    return new Place(struct, member, behind, usual);
  }
}
