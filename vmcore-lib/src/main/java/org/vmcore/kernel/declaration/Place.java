package org.vmcore.kernel.declaration;

import java.util.Optional;
import org.vmcore.kernel.types.EnumType;
import org.vmcore.kernel.types.FloatType;
import org.vmcore.kernel.types.IntType;
import org.vmcore.kernel.types.Member;
import org.vmcore.kernel.types.Type;
import org.vmcore.kernel.types.UnknownType;
import org.vmcore.memory.VmcoreException;

/** A member of a structure, what it takes, and what lies between it and the next. */
final class Place {
  final String name;
  final Type type;
  final Type plain;

  /** Why its type isn't known. */
  final Optional<String> fault;

  /** In bytes: of a bit-field where the integer begins of which it is a part. */
  final long offset;

  /** In bytes: of a bit-field that of its integer. */
  final long size;

  /** In bits from the start of the structure. */
  final long bitOffset;

  /** Of a bit-field its size in bits; else 0. */
  final int bitfieldSize;

  /** Of a bit-field where it begins in its integer, in bits. */
  final long bitsIn;

  /** The alignment that its place tells of, beyond that of its type; else 0. */
  long alignment;

  /** Bytes behind it that no member has. */
  long hole;

  /** Bits behind it that no member has. */
  long bitHole;

  private Place(
      String name,
      long bitOffset,
      int bitfieldSize,
      Type type,
      Type plain,
      long size,
      Optional<String> fault) {
    this.name = name;
    this.bitOffset = bitOffset;
    this.bitfieldSize = bitfieldSize;
    this.type = type;
    this.plain = plain;
    this.size = size;
    this.fault = fault;
    long bits = isInteger() && bitfieldSize != 0 ? size * 8 : 0;
    this.offset = bits == 0 ? bitOffset / 8 : bitOffset / bits * bits / 8;
    this.bitsIn = bits == 0 ? 0 : bitOffset - offset * 8;
  }

  /** That of {@code member}; where its type is damaged it has no size. */
  static Place of(Member member) {
    String name = member.name();
    try {
      return of(name, member.bitOffset(), member.bitfieldSize(), member.type());
    } catch (VmcoreException e) {
      Type unknown = UnknownType.UNKNOWN;
      Optional<String> fault = Optional.of(e.reason());
      return new Place(name, member.bitOffset(), member.bitfieldSize(), unknown, unknown, 0, fault);
    }
  }

  /**
   * That of a member of this type.
   *
   * @throws VmcoreException when its type is damaged
   */
  static Place of(String name, long bitOffset, int bitfieldSize, Type type) throws VmcoreException {
    Type plain = type.plain();
    return new Place(name, bitOffset, bitfieldSize, type, plain, plain.size(), Optional.empty());
  }

  /** Whether only its place is known. */
  boolean isOnlyPlace() {
    return plain instanceof UnknownType;
  }

  private boolean isInteger() {
    return plain instanceof IntType || plain instanceof EnumType || plain instanceof FloatType;
  }

  boolean isBitfield() {
    return bitfieldSize != 0;
  }

  long bitEnd() {
    return bitOffset + (isBitfield() ? bitfieldSize : size * 8);
  }
}
