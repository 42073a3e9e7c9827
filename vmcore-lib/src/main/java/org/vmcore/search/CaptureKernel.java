package org.vmcore.search;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.vmcore.arch.Architecture;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.Search;
import org.vmcore.scan.MemoryScan;
import org.vmcore.scan.SearchBudget;

/**
 * Tells a crash kernel from the one that crashed: it was started with {@code elfcorehdr=ADDR}. Its
 * command line stands in its image, whose log begins with it.
 */
final class CaptureKernel implements MemoryScan.Look {
  private static final byte[] KEY = "elfcorehdr=".getBytes(StandardCharsets.US_ASCII);
  private static final long IMAGE_ALIGNMENT = 2L << 20;

  /** How much of an image is looked at, in bytes. */
  private static final long MOST = 64L << 20;

  private boolean found;

  private CaptureKernel() {}

  /** Whether {@code info}, of {@code architecture}, is that of a crash kernel. */
  static boolean isOne(Memory physical, Architecture architecture, VmcoreInfo info)
      throws VmcoreException {
    OptionalLong text = info.symbol("_stext");
    OptionalLong image =
        text.isEmpty() ? text : architecture.imagePaddr(info, text.getAsLong() & -IMAGE_ALIGNMENT);
    if (image.isEmpty() || image.getAsLong() < 0) {
      return false;
    }
    CaptureKernel look = new CaptureKernel();
    AddressRange range = AddressRange.ofSize(image.getAsLong(), MOST);
    try (SearchBudget budget = SearchBudget.of(Search.DEFAULT, "elfcorehdr=", MOST)) {
      new MemoryScan(physical, budget, 1, KEY.length + 3).over(range, look);
    }
    return look.found;
  }

  @Override
  public void at(byte[] bytes, int length, long address) {
    for (int i = 0; i + KEY.length + 3 <= length && !found; i++) {
      found = bytes[i] == KEY[0] && isKey(bytes, i) && isNumber(bytes, i + KEY.length);
    }
  }

  private static boolean isKey(byte[] bytes, int at) {
    for (int i = 1; i < KEY.length; i++) {
      if (bytes[at + i] != KEY[i]) {
        return false;
      }
    }
    return true;
  }

  /** A number, not the format that kexec makes one by. */
  private static boolean isNumber(byte[] bytes, int at) {
    boolean isHex = bytes[at] == '0' && bytes[at + 1] == 'x';
    return Character.digit(bytes[isHex ? at + 2 : at], isHex ? 16 : 10) >= 0;
  }

  @Override
  public boolean isOver() {
    return found;
  }
}
