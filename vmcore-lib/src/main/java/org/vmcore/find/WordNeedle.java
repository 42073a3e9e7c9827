package org.vmcore.find;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.vmcore.values.Hex;

/** Numbers of a range. */
final class WordNeedle extends Needle {
  private static final VarHandle LITTLE_LONG = view(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BIG_LONG = view(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LITTLE_INT = view(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BIG_INT = view(int[].class, ByteOrder.BIG_ENDIAN);
  private static final long LOW = 0xffff_ffffL;

  private final long first;
  private final long last;
  private final int size;
  private final boolean isBig;

  WordNeedle(long first, long last, int size, ByteOrder order) {
    if (size != Integer.BYTES && size != Long.BYTES) {
      throw new IllegalArgumentException("numbers of " + size + " bytes");
    }
    if (Long.compareUnsigned(last, first) < 0) {
      throw new IllegalArgumentException(Hex.of(first) + "-" + Hex.of(last) + ": the end is first");
    }
    if (size == Integer.BYTES && (last & ~LOW) != 0) {
      throw new IllegalArgumentException(Hex.of(last) + ": more than 32 bits");
    }
    this.first = first;
    this.last = last;
    this.size = size;
    this.isBig = order == ByteOrder.BIG_ENDIAN;
  }

  private static VarHandle view(Class<?> array, ByteOrder order) {
    return MethodHandles.byteArrayViewVarHandle(array, order);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  boolean matchesZeros() {
    return first == 0;
  }

  @Override
  int next(byte[] in, int from, int to, int step, int phase) {
    int at = from + (phase - from & step - 1);
    if (size == Integer.BYTES) {
      return isBig ? bigInt(in, at, to, step) : littleInt(in, at, to, step);
    }
    return isBig ? bigLong(in, at, to, step) : littleLong(in, at, to, step);
  }

  // A subtraction and one unsigned comparison, by adding the least number there is, for each.

  private int littleLong(byte[] in, int from, int to, int step) {
    long least = first;
    long most = last - first + Long.MIN_VALUE;
    for (int at = from; at <= to - Long.BYTES; at += step) {
      if ((long) LITTLE_LONG.get(in, at) - least + Long.MIN_VALUE <= most) {
        return at;
      }
    }
    return -1;
  }

  private int bigLong(byte[] in, int from, int to, int step) {
    long least = first;
    long most = last - first + Long.MIN_VALUE;
    for (int at = from; at <= to - Long.BYTES; at += step) {
      if ((long) BIG_LONG.get(in, at) - least + Long.MIN_VALUE <= most) {
        return at;
      }
    }
    return -1;
  }

  private int littleInt(byte[] in, int from, int to, int step) {
    int least = (int) first;
    int most = (int) (last - first) + Integer.MIN_VALUE;
    for (int at = from; at <= to - Integer.BYTES; at += step) {
      if ((int) LITTLE_INT.get(in, at) - least + Integer.MIN_VALUE <= most) {
        return at;
      }
    }
    return -1;
  }

  private int bigInt(byte[] in, int from, int to, int step) {
    int least = (int) first;
    int most = (int) (last - first) + Integer.MIN_VALUE;
    for (int at = from; at <= to - Integer.BYTES; at += step) {
      if ((int) BIG_INT.get(in, at) - least + Integer.MIN_VALUE <= most) {
        return at;
      }
    }
    return -1;
  }
}
