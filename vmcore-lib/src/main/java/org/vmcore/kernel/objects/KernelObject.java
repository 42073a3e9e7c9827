package org.vmcore.kernel.objects;

import java.util.Optional;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.types.ArrayType;
import org.vmcore.kernel.types.EnumType;
import org.vmcore.kernel.types.Field;
import org.vmcore.kernel.types.IntType;
import org.vmcore.kernel.types.PathSteps;
import org.vmcore.kernel.types.PointerType;
import org.vmcore.kernel.types.StructType;
import org.vmcore.kernel.types.Type;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * A place in the kernel's memory and the type of what lies there. Nothing is read before a value is
 * asked for. What can't be had is a {@link VmcoreException} that names the member.
 */
public final class KernelObject {
  private static final int MAX_TEXT = 1 << 16;

  private final KernelObjects objects;
  private final long address;

  /** Its type and, of a bit-field, its bits, from the byte at the address on. */
  private final Field field;

  KernelObject(KernelObjects objects, long address, Field field) {
    this.objects = objects;
    this.address = address;
    this.field = field;
  }

  /** Its kernel virtual address. */
  public long address() {
    return address;
  }

  public Type type() {
    return field.type();
  }

  /** Where its bits begin behind the address, and of a bit-field how many they are. */
  public Field bits() {
    return field;
  }

  /**
   * Whether there is such a path by the types of what it leads through.
   *
   * @throws VmcoreException when a pointer on the way can't be read
   */
  public boolean has(String path) throws VmcoreException {
    return find(path).isPresent();
  }

  /**
   * What {@code path} leads to, {@code mm.pgd} or {@code mem[0].base}: through members, also of
   * anonymous structures, elements of arrays, and pointers, which are read.
   *
   * @throws VmcoreException when there is no such member, or a pointer can't be read
   */
  public KernelObject get(String path) throws VmcoreException {
    Optional<KernelObject> found = find(path);
    if (found.isEmpty()) {
      throw objects.missing("member " + path + " of " + type().name());
    }
    return found.get();
  }

  /**
   * What {@code path} leads to; empty when a type on the way has no such member.
   *
   * @throws VmcoreException when a pointer can't be read
   */
  public Optional<KernelObject> find(String path) throws VmcoreException {
    KernelObject at = this;
    PathSteps steps = new PathSteps(path);
    while (steps.hasNext()) {
      boolean isIndex = steps.isIndex();
      Optional<KernelObject> next =
          isIndex ? at.element(steps.index()) : at.target().member(steps.name());
      if (next.isEmpty()) {
        return next;
      }
      at = next.get();
    }
    return Optional.of(at);
  }

  private Optional<KernelObject> member(String name) throws VmcoreException {
    Optional<Field> found =
        type().plain() instanceof StructType struct ? struct.field(name) : Optional.empty();
    return found.isPresent() ? Optional.of(behind(found.get())) : Optional.empty();
  }

  KernelObjects objects() {
    return objects;
  }

  /** This object, its first {@code size} bytes read once. */
  KernelObject held(int size) throws VmcoreException {
    return new KernelObject(objects.held(address, size), address, field);
  }

  /** What lies in it at {@code inner}. */
  KernelObject behind(Field inner) {
    long bits = inner.bitOffset();
    return new KernelObject(
        objects, address + (bits >> 3), new Field(bits & 7, inner.bitfieldSize(), inner.type()));
  }

  /**
   * The element of an array, or what lies so far behind what a pointer points to.
   *
   * @throws VmcoreException when a pointer can't be read
   */
  public Optional<KernelObject> element(long index) throws VmcoreException {
    Type plain = type().plain();
    if (plain instanceof ArrayType array) {
      return array.count() != 0 && Long.compareUnsigned(index, array.count()) >= 0
          ? Optional.empty()
          : Optional.of(objects.at(address + index * array.elementSize(), array.element()));
    }
    return plain instanceof PointerType pointer
        ? Optional.of(objects.at(number() + index * pointer.target().size(), pointer.target()))
        : Optional.empty();
  }

  /**
   * What a pointer points to; anything else is its own target.
   *
   * @throws VmcoreException when the pointer can't be read
   */
  public KernelObject target() throws VmcoreException {
    return type().plain() instanceof PointerType pointer
        ? objects.at(number(), pointer.target())
        : this;
  }

  /**
   * The number that it is: an integer or enumerator, signed or unsigned as its type says, of a
   * bit-field its bits, or a pointer's address.
   *
   * @throws VmcoreException when it is no number, or can't be read
   */
  public long number() throws VmcoreException {
    Type plain = type().plain();
    boolean isSigned = false;
    if (plain instanceof IntType integer) {
      isSigned = integer.isSigned();
    } else if (plain instanceof EnumType values) {
      isSigned = values.isSigned();
    } else if (!(plain instanceof PointerType)) {
      throw wrong("is no number");
    }
    if (plain.size() > Long.BYTES) {
      throw wrong("is a number of more than 64 bits");
    }
    int size = (int) plain.size();
    return field.bitfieldSize() == 0
        ? new Bits(objects.reader(), address, size).number(isSigned)
        : bitfield(isSigned);
  }

  private long bitfield(boolean isSigned) throws VmcoreException {
    int shift = (int) field.bitOffset();
    int bits = Math.min(field.bitfieldSize(), Long.SIZE);
    return new Bits(objects.reader(), address, (shift + bits + 7) / 8)
        .number(shift, bits, isSigned);
  }

  /** Its first {@code size} bytes as a number. */
  long bitsOf(int size) throws VmcoreException {
    return new Bits(objects.reader(), address, size).number(false);
  }

  /**
   * Its value in text: of a number, enumerator, pointer or array of characters. What can't be read
   * is a {@link Value#missing}.
   *
   * @throws VmcoreException when it is none of these
   */
  public Value value() throws VmcoreException {
    if (type().plain() instanceof StructType) {
      throw wrong("has members");
    }
    return ValueText.of(this);
  }

  /**
   * The number at {@code path}.
   *
   * @throws VmcoreException when there is no such member, it is no number, or it can't be read
   */
  public long number(String path) throws VmcoreException {
    return get(path).number();
  }

  /**
   * The text of an array of characters, or of the characters that a pointer points to: up to a NUL,
   * each byte one character.
   *
   * @throws VmcoreException when it is neither, or can't be read
   */
  public String text() throws VmcoreException {
    KernelReader in = objects.reader();
    Type plain = type().plain();
    if (plain instanceof ArrayType array) {
      return in.text(address, (int) Math.min(array.size(), MAX_TEXT));
    }
    if (plain instanceof PointerType) {
      return in.text(number(), MAX_TEXT);
    }
    throw wrong("is no text");
  }

  /**
   * The text at {@code path}.
   *
   * @throws VmcoreException when there is no such member, it is no text, or it can't be read
   */
  public String text(String path) throws VmcoreException {
    return get(path).text();
  }

  /**
   * The object of which this is the member {@code path}: container_of.
   *
   * @throws VmcoreException when the type has no such member
   */
  public KernelObject containedIn(String type, String path) throws VmcoreException {
    return objects.at(address - objects.offset(type, path), type);
  }

  private VmcoreException wrong(String reason) throws VmcoreException {
    return VmcoreException.of(
        objects.kernel().file(), type().name() + " at " + Hex.of(address) + " " + reason);
  }

  @Override
  public String toString() {
    return "object at " + Hex.of(address);
  }
}
