package org.vmcore.kernel.objects;

import java.util.Arrays;
import java.util.List;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.types.ArrayType;
import org.vmcore.kernel.types.Field;
import org.vmcore.kernel.types.IntType;
import org.vmcore.kernel.types.Member;
import org.vmcore.kernel.types.StructType;
import org.vmcore.kernel.types.Type;
import org.vmcore.memory.VmcoreException;

/**
 * Goes over all values of an object: members of structures, those of anonymous ones as if they were
 * the outer one's own, and elements of arrays, equal ones in a row as one. Pointers aren't
 * followed. It ends after so many values as nobody reads.
 */
public final class ObjectWalk {
  /** Values told at most. */
  public static final int MAX_VALUES = 1 << 16;

  /** Elements told of one array at most, equal ones in a row being one. */
  public static final int MAX_ELEMENTS = 256;

  /** Bytes read at once. */
  private static final int MAX_HELD = 1 << 20;

  /** Bytes compared of all arrays' elements, so that equal ones are told as one. */
  private static final long MAX_COMPARED = 64 << 20;

  /** What one comparison costs, in bytes. */
  private static final long COMPARISON = 64;

  private final ObjectVisitor visitor;
  private long comparable = MAX_COMPARED;
  private int left = MAX_VALUES;

  private ObjectWalk(ObjectVisitor visitor) {
    this.visitor = visitor;
  }

  /**
   * Tells {@code visitor} of {@code object}. What can't be read is a {@link Value#missing}.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public static void over(KernelObject object, ObjectVisitor visitor) throws VmcoreException {
    new ObjectWalk(visitor).any("", 1, held(object), 0);
  }

  private static KernelObject held(KernelObject object) throws VmcoreException {
    long size;
    try {
      size = object.type().size();
    } catch (VmcoreException _) {
      return object; // said of the member that is damaged
    }
    return size <= 0 ? object : object.held((int) Math.min(size, MAX_HELD));
  }

  private void any(String name, long count, KernelObject object, int depth) throws VmcoreException {
    Type plain;
    try {
      plain = object.type().plain();
    } catch (VmcoreException e) {
      visitor.value(name, count, object, Value.missing(e.reason(), false));
      return;
    }
    left--;
    if (depth > Type.MAX_DEPTH) {
      visitor.value(name, count, object, Value.missing("nested too deeply", false));
    } else if (plain instanceof StructType struct) {
      visitor.begin(name, count, object);
      visitor.end(members(struct, object, depth));
    } else if (plain instanceof ArrayType array && !isText(array)) {
      visitor.begin(name, count, object);
      visitor.end(elements(array, object, depth));
    } else {
      visitor.value(name, count, object, ValueText.of(object));
    }
  }

  private static boolean isText(ArrayType array) {
    try {
      return array.count() != 0
          && array.element().plain() instanceof IntType number
          && number.isText();
    } catch (VmcoreException _) {
      return false; // said when its elements are asked for
    }
  }

  /** How many aren't told. */
  private int members(StructType struct, KernelObject object, int depth) throws VmcoreException {
    List<Member> members = struct.members();
    for (int i = 0; i < members.size(); i++) {
      if (left <= 0) {
        return members.size() - i;
      }
      member(members.get(i), object, depth);
    }
    return 0;
  }

  private void member(Member member, KernelObject object, int depth) throws VmcoreException {
    Field field;
    try {
      field = new Field(member.bitOffset(), member.bitfieldSize(), member.type());
      left--;
      if (member.name().isEmpty()
          && field.type().plain() instanceof StructType inner
          && depth <= Type.MAX_DEPTH) {
        members(inner, object.behind(field), depth + 1);
        return;
      }
    } catch (VmcoreException e) {
      visitor.value("." + member.name(), 1, object, Value.missing(e.reason(), false));
      return;
    }
    if (!member.name().isEmpty()) {
      any("." + member.name(), 1, object.behind(field), depth + 1);
    }
  }

  /** How many aren't told. */
  private long elements(ArrayType array, KernelObject object, int depth) throws VmcoreException {
    long size;
    Type element;
    try {
      size = array.elementSize();
      element = array.element();
    } catch (VmcoreException e) {
      visitor.value("[0]", 1, object, Value.missing(e.reason(), false));
      return array.count();
    }
    KernelObjects objects = object.objects();
    long at = 0;
    for (int told = 0; at < array.count(); told++) {
      if (told == MAX_ELEMENTS || left <= 0) {
        return array.count() - at;
      }
      long address = object.address() + at * size;
      long equal = equal(objects.reader(), address, size, array.count() - at);
      any("[" + at + "]", equal, objects.at(address, element), depth + 1);
      at += equal;
    }
    return 0;
  }

  /** How many elements from {@code address} on are as the first one is. */
  private long equal(KernelReader in, long address, long size, long most) throws VmcoreException {
    if (size == 0) {
      return most;
    }
    if (size > MAX_HELD) {
      return 1;
    }
    byte[] first = in.upTo(address, (int) size);
    long equal = 1;
    while (equal < most && comparable > 0 && isEqual(in, address + equal * size, size, first)) {
      equal++;
      comparable -= size + COMPARISON;
    }
    left -= (int) Math.min(MAX_VALUES, equal >> 8);
    return equal;
  }

  private static boolean isEqual(KernelReader in, long address, long size, byte[] first)
      throws VmcoreException {
    byte[] bytes = in.upTo(address, (int) size);
    return (bytes.length == size || bytes.length == 0) && Arrays.equals(bytes, first);
  }
}
