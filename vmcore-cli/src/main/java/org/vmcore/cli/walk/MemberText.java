package org.vmcore.cli.walk;

import java.util.Optional;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.objects.Value;
import org.vmcore.kernel.types.ArrayType;
import org.vmcore.kernel.types.IntType;
import org.vmcore.kernel.types.PointerType;
import org.vmcore.kernel.types.StructType;
import org.vmcore.kernel.types.Type;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/** Values of members as text: characters as they are, without quotes. */
final class MemberText {
  private MemberText() {}

  /**
   * The value of {@code member}; empty of a null pointer to text.
   *
   * @throws VmcoreException when it can't be read
   */
  static Optional<String> of(KernelObject member, boolean isHex) throws VmcoreException {
    Type type = member.type().plain();
    return switch (type) {
      case PointerType pointer -> pointer(member, pointer);
      case StructType _ -> Optional.of(ManyValues.text(member));
      case ArrayType array ->
          Optional.of(
              isCharacter(array.element(), false) ? member.text() : ManyValues.text(member));
      case IntType number when isHex && !number.isBool() && number.size() <= Long.BYTES ->
          Optional.of(Hex.of(number.size() == Long.BYTES ? member.number() : bits(member, number)));
      default -> Optional.of(single(member));
    };
  }

  /** The bits of a number, without those of its sign. */
  private static long bits(KernelObject member, IntType number) throws VmcoreException {
    return member.number() & ((1L << (8 * number.size())) - 1);
  }

  /**
   * Whether text is made of it.
   *
   * @param isAny also where it is a number of one byte, which may as well be one of text
   */
  private static boolean isCharacter(Type type, boolean isAny) throws VmcoreException {
    return type.plain() instanceof IntType number
        && (number.isText() || (isAny && number.size() == 1 && !number.isBool()));
  }

  private static Optional<String> pointer(KernelObject member, PointerType type)
      throws VmcoreException {
    long address = member.number();
    if (!isCharacter(type.target(), true)) {
      return Optional.of(Hex.of(address));
    }
    if (address == 0) {
      return Optional.empty();
    }
    String text = member.text();
    boolean isText = isCharacter(type.target(), false) || isPrintable(text);
    return Optional.of(isText ? text : Hex.of(address));
  }

  private static boolean isPrintable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private static String single(KernelObject member) throws VmcoreException {
    Value value = member.value();
    if (value.missing().isPresent()) {
      throw VmcoreException.of("member", value.missing().get());
    }
    return value.text();
  }
}
