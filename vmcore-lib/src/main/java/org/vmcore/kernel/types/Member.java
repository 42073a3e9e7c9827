package org.vmcore.kernel.types;

import org.vmcore.memory.VmcoreException;

/** A member of a structure or union. */
public final class Member {
  private final TypeTable types;
  private final String name;
  private final int type;
  private final long bitOffset;
  private final int bitfieldSize;

  public Member(TypeTable types, String name, int type, long bitOffset, int bitfieldSize) {
    this.types = types;
    this.name = name;
    this.type = type;
    this.bitOffset = bitOffset;
    this.bitfieldSize = bitfieldSize;
  }

  /** Its name; empty of an anonymous structure or union. */
  public String name() {
    return name;
  }

  /**
   * Its type.
   *
   * @throws VmcoreException when the table of types is damaged there
   */
  public Type type() throws VmcoreException {
    return types.type(type);
  }

  /** Where it begins in the structure, in bits. */
  public long bitOffset() {
    return bitOffset;
  }

  /** Of a bit-field its size in bits; else 0. */
  public int bitfieldSize() {
    return bitfieldSize;
  }

  /** It as a field of the structure. */
  Field field() throws VmcoreException {
    return new Field(bitOffset, bitfieldSize, type());
  }
}
