package org.vmcore.kernel.declaration;

import java.util.IdentityHashMap;
import org.vmcore.kernel.types.ArrayType;
import org.vmcore.kernel.types.EnumType;
import org.vmcore.kernel.types.FloatType;
import org.vmcore.kernel.types.IntType;
import org.vmcore.kernel.types.Member;
import org.vmcore.kernel.types.PointerType;
import org.vmcore.kernel.types.StructType;
import org.vmcore.kernel.types.Type;
import org.vmcore.memory.VmcoreException;

/** At which multiples types lie, as the compiler aligns them unless told otherwise, in bytes. */
final class Alignments {
  private static final int CACHE_LINE = 64;

  private final IdentityHashMap<Type, Long> known = new IdentityHashMap<>();

  /** That of {@code plain}, without typedefs around it. */
  long natural(Type plain) {
    return natural(plain, 0);
  }

  private long natural(Type plain, int depth) {
    if (plain instanceof StructType struct) {
      return ofStruct(struct, depth);
    }
    return plain instanceof ArrayType array ? ofElement(array, depth) : ofNumber(plain);
  }

  private static long ofNumber(Type plain) {
    long size = 1;
    if (plain instanceof PointerType pointer) {
      size = pointer.size();
    } else if (plain instanceof IntType number) {
      size = number.size();
    } else if (plain instanceof FloatType number) {
      size = number.size();
    } else if (plain instanceof EnumType values) {
      size = values.size();
    }
    return Math.max(1, size);
  }

  private long ofElement(ArrayType array, int depth) {
    try {
      return depth == Type.MAX_DEPTH ? 1 : natural(array.element().plain(), depth + 1);
    } catch (VmcoreException _) {
      return 1; // said where the member is printed
    }
  }

  private long ofStruct(StructType struct, int depth) {
    Long before = known.putIfAbsent(struct, 1L); // while it is looked for, it may hold itself
    if (before != null || depth == Type.MAX_DEPTH) {
      return before == null ? 1 : before;
    }
    long most = 1;
    for (Member member : struct.members()) {
      try {
        most = Math.max(most, natural(member.type().plain(), depth + 1));
      } catch (VmcoreException _) {
        // said where the member is printed
      }
    }
    known.put(struct, most);
    return most;
  }

  /**
   * The alignment that somebody asked for, as bytes left out in front of a member tell.
   *
   * @param offset where it begins
   * @param from where the bytes before it end
   * @param natural that of its type
   * @return 0 where its type's alignment explains the place
   */
  static long forced(long offset, long from, long natural) {
    int left = (int) (offset - from);
    long alignment = left == 0 || offset % 2 != 0 ? 0 : 2L * Integer.highestOneBit(left);
    if (left < 0 || alignment <= natural) {
      return 0;
    }
    return alignment < CACHE_LINE && offset % CACHE_LINE == 0 ? CACHE_LINE : alignment;
  }
}
