package org.vmcore.testing;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.vmcore.Vmcore;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;

/** Finds the first byte in which two images, or memory and bytes, differ. */
final class SameImage {
  private static final int PIECE = 1 << 18;

  private SameImage() {}

  static Optional<String> difference(Vmcore one, Vmcore other) throws VmcoreException {
    if (one.size() != other.size()) {
      return Optional.of(
          "it has " + DumpWords.hex(one.size()) + " bytes, not " + DumpWords.hex(other.size()));
    }
    byte[] left = new byte[PIECE];
    byte[] right = new byte[PIECE];
    for (long at = 0; at < one.size(); ) {
      int wanted = (int) Math.min(PIECE, one.size() - at);
      int got = (int) one.read(at, MemorySegment.ofArray(left).asSlice(0, wanted));
      int gotOther = (int) other.read(at, MemorySegment.ofArray(right).asSlice(0, wanted));
      int same = Math.min(got, gotOther);
      long differs =
          MemorySegment.mismatch(
              MemorySegment.ofArray(left), 0, same, MemorySegment.ofArray(right), 0, same);
      if (differs >= 0) {
        int byteAt = (int) differs;
        return Optional.of(byteDiffers(one, at + differs, left[byteAt], right[byteAt]));
      }
      at += same;
      if (same < wanted) {
        Extent extent = one.extentAt(at).clip(at, one.size() - at);
        Extent otherExtent = other.extentAt(at).clip(at, one.size() - at);
        if (got != gotOther || extent.state() != otherExtent.state()) {
          return Optional.of(stateDiffers(one, other, at));
        }
        at += Math.min(extent.size(), otherExtent.size());
      }
    }
    return Optional.empty();
  }

  private static String byteDiffers(Vmcore vmcore, long at, byte has, byte wanted) {
    return "the byte at image offset "
        + DumpWords.hex(at)
        + place(vmcore, at)
        + " is "
        + DumpWords.hex(has & 0xff)
        + ", not "
        + DumpWords.hex(wanted & 0xff);
  }

  private static String stateDiffers(Vmcore one, Vmcore other, long at) throws VmcoreException {
    return "image offset "
        + DumpWords.hex(at)
        + place(one, at)
        + " "
        + DumpWords.state(one, at)
        + "; there it "
        + DumpWords.state(other, at);
  }

  /** {@code (segment 1, physical address 0x1000)}. */
  private static String place(Vmcore vmcore, long at) {
    return vmcore.loads().stream()
        .filter(load -> at - load.header().offset() >= 0)
        .filter(load -> at - load.header().offset() < load.size())
        .findFirst()
        .map(
            load ->
                " (segment "
                    + load.index()
                    + ", physical address "
                    + DumpWords.hex(load.paddr() + at - load.header().offset())
                    + ")")
        .orElse("");
  }

  /** How {@code memory} at {@code address} differs from {@code wanted}. */
  static Optional<String> bytesAt(Memory memory, long address, byte[] wanted, String what)
      throws VmcoreException {
    byte[] has = new byte[wanted.length];
    int got = (int) memory.read(address, MemorySegment.ofArray(has));
    for (int i = 0; i < wanted.length; i++) {
      String place = what + DumpWords.hex(address + i);
      if (i >= got) {
        return Optional.of(
            "expected "
                + DumpWords.hex(wanted[i] & 0xff)
                + " at "
                + place
                + ", but it "
                + DumpWords.state(memory, address + i));
      }
      if (has[i] != wanted[i]) {
        return Optional.of(
            "expected "
                + DumpWords.hex(wanted[i] & 0xff)
                + " at "
                + place
                + ", but "
                + DumpWords.hex(has[i] & 0xff)
                + " is there");
      }
    }
    return Optional.empty();
  }
}
