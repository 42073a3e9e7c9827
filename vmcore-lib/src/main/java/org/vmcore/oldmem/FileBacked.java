package org.vmcore.oldmem;

import java.util.Optional;
import org.vmcore.io.FileSlice;
import org.vmcore.memory.OldMemory;
import org.vmcore.memory.VmcoreException;

/** Old memory that lies in files, some of it as it is: a mapping can share that. */
public interface FileBacked extends OldMemory {
  /**
   * The file bytes that hold memory from {@code address} on, as they are.
   *
   * @param size the most that is wanted in bytes
   * @return between 1 and {@code size} bytes, all of them present; empty where the bytes aren't
   *     present or don't lie in a file as they are
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  Optional<FileSlice> backing(long address, long size) throws VmcoreException;

  /** What {@link #backing} tells of {@code memory}, if it lies in files at all. */
  static Optional<FileSlice> of(OldMemory memory, long address, long size) throws VmcoreException {
    return memory instanceof FileBacked backed ? backed.backing(address, size) : Optional.empty();
  }
}
