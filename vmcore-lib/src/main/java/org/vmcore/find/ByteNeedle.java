package org.vmcore.find;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Bytes under a mask. Eight places at a time are tried, in one register each, by the two bytes that
 * are the rarest in a kernel's memory; only where both may be the others are compared.
 */
final class ByteNeedle extends Needle {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long TOPS = 0x8080_8080_8080_8080L;

  /** What kernels' memory is full of, the most frequent first; all others are rare. */
  private static final String COMMON =
      "\0\u00ff etaoinsrldcpumf_gh\u0001\u0080H\u008b\u0089\u0002\u0004\u0008\u0010"
          + "@\u000f\u00e8\u00c0\u0003\u0088";

  private final byte[] bytes;
  private final byte[] mask;

  /** The places of the two bytes that are tried, the same one where there is no other. */
  private final int first;

  private final int second;

  private ByteNeedle(byte[] bytes, byte[] mask) {
    this.bytes = bytes;
    this.mask = mask;
    this.first = rarest(-1);
    int other = rarest(first);
    this.second = other < 0 ? first : other;
  }

  static ByteNeedle of(byte[] bytes, byte[] mask) {
    if (bytes.length == 0 || bytes.length > MOST || mask.length != bytes.length) {
      throw new IllegalArgumentException(bytes.length + " bytes, " + mask.length + " of mask");
    }
    byte[] masked = new byte[bytes.length];
    int counts = 0;
    for (int i = 0; i < bytes.length; i++) {
      masked[i] = (byte) (bytes[i] & mask[i]);
      counts |= mask[i];
    }
    if (counts == 0) {
      throw new IllegalArgumentException("no bit counts");
    }
    return new ByteNeedle(masked, mask.clone());
  }

  /** The place of the rarest byte but for {@code not}; negative where no other one counts. */
  private int rarest(int not) {
    int best = -1;
    for (int i = 0; i < bytes.length; i++) {
      if (i != not && mask[i] != 0 && (best < 0 || rank(i) > rank(best))) {
        best = i;
      }
    }
    return best;
  }

  private int rank(int at) {
    int common = COMMON.indexOf(bytes[at] & 0xff);
    int bits = Integer.bitCount(mask[at] & 0xff);
    return (common < 0 ? COMMON.length() : common) + COMMON.length() * bits;
  }

  @Override
  public int size() {
    return bytes.length;
  }

  @Override
  boolean matchesZeros() {
    int any = 0;
    for (byte each : bytes) {
      any |= each;
    }
    return any == 0;
  }

  @Override
  int next(byte[] in, int from, int to, int step, int phase) {
    int last = to - bytes.length;
    int at = from;
    while (at <= last) {
      at = candidate(in, at, last);
      if (at > last || ((at - phase & step - 1) == 0 && isAt(in, at))) {
        break;
      }
      at++;
    }
    return at <= last ? at : -1;
  }

  /** The first place from {@code from} on where both bytes may be; above {@code last} if none. */
  private int candidate(byte[] in, int from, int last) {
    int one = first;
    int two = second;
    long oneMask = (mask[one] & 0xff) * ONES;
    long twoMask = (mask[two] & 0xff) * ONES;
    long oneByte = (bytes[one] & 0xff) * ONES;
    long twoByte = (bytes[two] & 0xff) * ONES;
    int behind = Math.min(last + 1, in.length - Long.BYTES + 1 - Math.max(one, two));
    int at = from;
    while (at < behind) {
      long x = ((long) WORD.get(in, at + one) & oneMask) ^ oneByte;
      long y = ((long) WORD.get(in, at + two) & twoMask) ^ twoByte;
      // A byte above one that is zero may be taken for zero, too: it is compared in vain.
      long found = (x - ONES & ~x) & (y - ONES & ~y) & TOPS;
      if (found != 0) {
        return at + (Long.numberOfTrailingZeros(found) >>> 3);
      }
      at += Long.BYTES;
    }
    while (at <= last && !isByteAt(in, at, one)) {
      at++;
    }
    return at;
  }

  private boolean isAt(byte[] in, int at) {
    for (int i = 0; i < bytes.length; i++) {
      if (!isByteAt(in, at, i)) {
        return false;
      }
    }
    return true;
  }

  private boolean isByteAt(byte[] in, int at, int index) {
    return (in[at + index] & mask[index]) == bytes[index];
  }
}
