package org.vmcore.search;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.vmcore.arch.Architecture;
import org.vmcore.arch.Architectures;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.search.VmcoreInfoSearch.VmcoreInfoNote;

/**
 * The VMCOREINFO note to which a word at a fixed place in memory leads, on architectures whose
 * kernels keep its address there ({@link Architecture#vmcoreInfoPointer}). Two reads tell it, and
 * nothing is searched.
 */
public final class KeptInfo {
  private KeptInfo() {}

  /**
   * The note of any architecture's kernel in {@code memory}, when it says that it is one's; empty
   * where none is, or its kernel isn't in memory.
   *
   * @param memory by physical address
   * @param name of the memory, for errors
   */
  public static Optional<VmcoreInfoNote> of(Memory memory, String name) throws VmcoreException {
    for (Architecture each : Architectures.ALL) {
      Optional<VmcoreInfoNote> note = of(memory, name, each);
      if (note.isPresent() && Architectures.of(note.get().info()).equals(Optional.of(each))) {
        return note;
      }
    }
    return Optional.empty();
  }

  /** The same, where {@code architecture} is known to be the kernel's. */
  public static Optional<VmcoreInfoNote> of(Memory memory, String name, Architecture architecture)
      throws VmcoreException {
    Optional<Architecture.InfoPointer> pointer = architecture.vmcoreInfoPointer();
    long address = pointer.isEmpty() ? 0 : word(memory, pointer.get());
    if (address == 0) {
      return Optional.empty();
    }
    Optional<VmcoreInfoNote> note = VmcoreInfoSearch.at(memory, name, address);
    return note.isPresent()
            && VmcoreInfoChoice.signs(memory, note.get().order(), note.get().info()) >= 0
        ? note
        : Optional.empty();
  }

  /** The word; 0, which is no address, where it can't be read. */
  private static long word(Memory memory, Architecture.InfoPointer pointer) throws VmcoreException {
    byte[] bytes = new byte[Long.BYTES];
    return memory.read(pointer.paddr(), MemorySegment.ofArray(bytes)) == bytes.length
        ? ByteBuffer.wrap(bytes).order(pointer.order()).getLong()
        : 0;
  }
}
