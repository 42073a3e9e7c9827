package org.vmcore.memory;

import java.util.Optional;
import org.vmcore.io.FileSlice;
import org.vmcore.io.VmcoreException;

/**
 * The crashed kernel's memory: the address space that the crash headers' {@code p_offset} point
 * into. It reads what is {@link PageState#PRESENT} and nothing else.
 */
public interface OldMemory extends Memory {
  /**
   * The file bytes that hold memory from {@code address} on, as they are, so that a mapping can
   * share them.
   *
   * @param size the most that is wanted in bytes
   * @return between 1 and {@code size} bytes, all of them present; empty where the bytes aren't
   *     present or don't lie in a file as they are
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  Optional<FileSlice> backing(long address, long size) throws VmcoreException;

  /**
   * Whether the memory is a running machine's: then what is to be copied once is copied when the
   * dump is opened, not when it is first asked for.
   */
  default boolean isLive() {
    return false;
  }
}
