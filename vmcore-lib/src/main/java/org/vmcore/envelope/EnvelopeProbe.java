package org.vmcore.envelope;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import org.vmcore.envelope.packed.Packing;
import org.vmcore.envelope.packed.Unpacker;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.VmcoreException;

/** Looks at how a file begins inside of its envelope, without unpacking more of it than that. */
public final class EnvelopeProbe {
  private EnvelopeProbe() {}

  /**
   * Whether {@code file} is flattened, or begins as {@code format} says, compressed or not.
   *
   * @param most how many bytes {@code format} looks at
   * @throws VmcoreException when its first bytes can't be read, or not be unpacked
   */
  public static boolean isIn(ByteSource file, int most, Predicate<MemorySegment> format)
      throws VmcoreException {
    byte[] start = new byte[Math.max(most, FlattenedRecords.SIGNATURE.length)];
    int got = (int) file.read(0, MemorySegment.ofArray(start));
    if (is(Arrays.copyOf(start, got), most, format)) {
      return true;
    }
    Optional<Packing> packing = Packing.of(file);
    return packing.isPresent() && is(unpacked(file, packing.get(), start), most, format);
  }

  private static boolean is(byte[] start, int most, Predicate<MemorySegment> format) {
    int length = FlattenedRecords.SIGNATURE.length;
    boolean isFlattened =
        start.length >= length
            && Arrays.equals(start, 0, length, FlattenedRecords.SIGNATURE, 0, length);
    MemorySegment bytes = MemorySegment.ofArray(start);
    return isFlattened || format.test(bytes.asSlice(0, Math.min(most, start.length)));
  }

  private static byte[] unpacked(ByteSource file, Packing packing, byte[] dst)
      throws VmcoreException {
    int done = 0;
    try (Unpacker unpacker = packing.unpacker(file, new ArrayList<>())) {
      int n;
      do {
        n = unpacker.unpack(dst, done, dst.length - done);
        done += n;
      } while (n > 0 && done < dst.length);
    }
    return Arrays.copyOf(dst, done);
  }
}
