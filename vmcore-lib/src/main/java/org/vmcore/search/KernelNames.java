package org.vmcore.search;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Memory;
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
  private static final int MACHINE = 4 * FIELD;

  private static final long STEP = 2L << 20;
  private static final int MOST_STEPS = 1 << 14;

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
    return names(text, info).isPresent();
  }

  /**
   * The machine's name, {@code armv7l}, in {@code init_uts_ns} of the kernel that tells {@code
   * info}, wherever that is in RAM: images are moved by multiples of 2 MiB.
   *
   * @param ranges of RAM, physical; the first 32 GiB of them are looked at
   * @throws VmcoreException when memory can't be read
   */
  public static Optional<String> machine(Memory ram, List<AddressRange> ranges, VmcoreInfo info)
      throws VmcoreException {
    OptionalLong symbol = info.symbol("init_uts_ns");
    if (symbol.isEmpty() || info.osRelease().isEmpty()) {
      return Optional.empty();
    }
    int left = MOST_STEPS;
    byte[] bytes = new byte[SIZE];
    for (AddressRange range : ranges) {
      long at = (range.start() & -STEP) + (symbol.getAsLong() & STEP - 1);
      while (Long.compareUnsigned(at, range.last()) < 0 && left-- > 0) {
        int got = (int) ram.read(at, MemorySegment.ofArray(bytes));
        String text = new String(bytes, 0, got, StandardCharsets.ISO_8859_1);
        OptionalInt names = names(text, info);
        if (names.isPresent()) {
          return Optional.of(field(text, names.getAsInt() + MACHINE));
        }
        at += STEP;
      }
    }
    return Optional.empty();
  }

  private static String field(String text, int at) {
    int end = text.indexOf('\0', at);
    return end < 0 ? "" : text.substring(at, end);
  }

  /** Where in {@code text} the names begin; empty when they aren't those of {@code info}. */
  private static OptionalInt names(String text, VmcoreInfo info) {
    String release = info.osRelease().orElse("") + "\0";
    for (int name : OFFSETS) {
      if (text.startsWith("Linux\0", name) && text.startsWith(release, name + RELEASE)) {
        return OptionalInt.of(name);
      }
    }
    return OptionalInt.empty();
  }
}
