package org.vmcore.search;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.VmcoreException;

/**
 * {@code init_uts_ns}, whose content is known: {@code Linux}, and the release that VMCOREINFO has.
 * Where it stands in a file tells how memory lies in it.
 */
public final class KernelNames {
  /** In bytes, what stands before the names included. */
  public static final int SIZE = 8 + 6 * 65;

  private static final int FIELD = 65; // __NEW_UTS_LEN + 1
  private static final int RELEASE = 2 * FIELD;

  /** Where uts_namespace may have its names: first, or behind a reference count. */
  private static final int[] OFFSETS = {0, 4, 8};

  private KernelNames() {}

  /**
   * Whether {@code init_uts_ns} of the kernel that tells {@code info} stands in {@code file}.
   *
   * @param at the file offset, in bytes
   * @throws VmcoreException when the file can't be read
   */
  public static boolean isAt(ByteSource file, long at, VmcoreInfo info) throws VmcoreException {
    byte[] bytes = new byte[SIZE];
    int got = (int) file.read(at, MemorySegment.ofArray(bytes));
    String text = new String(bytes, 0, got, StandardCharsets.ISO_8859_1);
    String release = info.osRelease().orElse("") + "\0";
    for (int name : OFFSETS) {
      if (text.startsWith("Linux\0", name) && text.startsWith(release, name + RELEASE)) {
        return true;
      }
    }
    return false;
  }
}
