package org.vmcore.kernel.objects;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.Unreadable;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.kernel.types.ArrayType;
import org.vmcore.kernel.types.EnumType;
import org.vmcore.kernel.types.FloatType;
import org.vmcore.kernel.types.IntType;
import org.vmcore.kernel.types.PointerType;
import org.vmcore.kernel.types.Type;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/** Writes values as C has them. */
final class ValueText {
  private static final int MAX_TEXT = 1 << 12;

  /** Of the text behind a pointer. */
  private static final int MAX_TARGET = 128;

  private ValueText() {}

  /** That of {@code object}, which has no members. */
  static Value of(KernelObject object) {
    try {
      return value(object, object.type().plain());
    } catch (Unreadable e) {
      return Value.missing(why(e), e.state() == PageState.LOST);
    } catch (VmcoreException e) {
      return Value.missing(e.reason(), false);
    }
  }

  /** Without the field and address, which stand beside it. */
  private static String why(Unreadable e) {
    int colon = e.reason().indexOf(": ");
    return colon < 0 ? e.reason() : e.reason().substring(colon + 2);
  }

  private static Value value(KernelObject object, Type plain) throws VmcoreException {
    if (plain instanceof IntType number) {
      return Value.of(integer(object, number));
    }
    if (plain instanceof PointerType pointer) {
      return pointer(object, pointer);
    }
    if (plain instanceof EnumType values) {
      return Value.of(enumerator(values, object.number()));
    }
    if (plain instanceof ArrayType) {
      return Value.of(characters(object));
    }
    return plain instanceof FloatType number
        ? Value.of(floating(object, number))
        : Value.missing("its type isn't known", false);
  }

  private static String integer(KernelObject object, IntType type) throws VmcoreException {
    if (type.size() > Long.BYTES) {
      return wide(object, (int) Math.min(type.size(), MAX_TARGET));
    }
    long number = object.number();
    if (type.isBool()) {
      return number == 0 ? "false" : number == 1 ? "true" : Long.toString(number);
    }
    String digits = type.isSigned() ? Long.toString(number) : Long.toUnsignedString(number);
    return type.isText() && number > ' ' && number < 0x7f
        ? digits + " '" + (char) number + "'"
        : digits;
  }

  private static String wide(KernelObject object, int size) throws VmcoreException {
    KernelReader in = object.objects().reader();
    byte[] bytes = in.bytes(object.address(), size, "number");
    StringBuilder text = new StringBuilder("0x");
    for (int i = 0; i < size; i++) {
      int each = bytes[in.isBigEndian() ? i : size - 1 - i];
      text.append(Character.forDigit(each >> 4 & 0xf, 16))
          .append(Character.forDigit(each & 0xf, 16));
    }
    return text.toString();
  }

  private static String enumerator(EnumType type, long number) {
    Optional<String> name = type.nameOf(number);
    if (name.isPresent()) {
      return name.get();
    }
    return type.isSigned() ? Long.toString(number) : Long.toUnsignedString(number);
  }

  private static String floating(KernelObject object, FloatType type) throws VmcoreException {
    if (type.size() == Double.BYTES) {
      return Double.toString(Double.longBitsToDouble(object.bitsOf(Double.BYTES)));
    }
    return type.size() == Float.BYTES
        ? Float.toString(Float.intBitsToFloat((int) object.bitsOf(Float.BYTES)))
        : wide(object, (int) Math.min(type.size(), MAX_TARGET));
  }

  private static Value pointer(KernelObject object, PointerType type) throws VmcoreException {
    long address = object.number();
    Optional<String> target = Optional.empty();
    if (address != 0 && isText(type)) {
      target = text(object.objects().reader(), address);
    }
    Optional<Symbol> symbol =
        address == 0 ? Optional.empty() : object.objects().symbols().nearest(address);
    return new Value(
        Hex.of(address),
        symbol.isEmpty() ? Optional.empty() : Optional.of(place(symbol.get(), address)),
        target,
        Optional.empty(),
        false);
  }

  private static String place(Symbol symbol, long address) {
    long behind = address - symbol.address();
    return symbol.name() + (behind == 0 ? "" : "+" + Hex.of(behind));
  }

  private static boolean isText(PointerType type) throws VmcoreException {
    return type.target().plain() instanceof IntType number && number.isText();
  }

  /** Text that ends and can be read as such. */
  private static Optional<String> text(KernelReader in, long address) throws VmcoreException {
    byte[] bytes = in.upTo(address, MAX_TARGET);
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      if (bytes[end] < ' ' && bytes[end] != '\n' && bytes[end] != '\t') {
        return Optional.empty();
      }
      end++;
    }
    boolean isCut = end == MAX_TARGET;
    if (end == bytes.length && !isCut) {
      return Optional.empty();
    }
    return Optional.of(quoted(new String(bytes, 0, end, StandardCharsets.ISO_8859_1), isCut));
  }

  private static String characters(KernelObject object) throws VmcoreException {
    KernelReader in = object.objects().reader();
    long all = object.type().size();
    int size = (int) Math.min(all, MAX_TEXT);
    byte[] bytes = in.bytes(object.address(), size, "text");
    int end = 0;
    while (end < size && bytes[end] != 0) {
      end++;
    }
    return quoted(
        new String(bytes, 0, end, StandardCharsets.ISO_8859_1), end == size && size < all);
  }

  private static String quoted(String text, boolean isCut) {
    StringBuilder all = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> all.append('\\').append(c);
        case '\n' -> all.append("\\n");
        case '\t' -> all.append("\\t");
        default -> {
          if (c < ' ' || c > '~') {
            all.append("\\x").append(Character.forDigit(c >> 4, 16));
            all.append(Character.forDigit(c & 0xf, 16));
          } else {
            all.append(c);
          }
        }
      }
    }
    return all.append(isCut ? "\"..." : "\"").toString();
  }
}
