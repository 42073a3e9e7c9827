package org.vmcore.arch;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.elf.VmcoreInfo;

/**
 * The word size of the kernel that wrote a VMCOREINFO.
 *
 * @param bits 32 or 64
 * @param evidence the line that tells it: {@code SYMBOL(_stext)=c0008000}
 */
record WordSize(int bits, String evidence) {
  private static final int DIGITS_32 = 8;
  private static final String SYMBOL = "SYMBOL(";

  /**
   * What tells the word size, the surest first: addresses that 32 bits can't hold, the sizes of
   * structures of words, addresses of just 32 bits. Kernels of s390x have low addresses.
   */
  static Optional<WordSize> of(VmcoreInfo info) {
    Optional<WordSize> long64 = bySymbols(info, Long.SIZE);
    if (long64.isPresent()) {
      return long64;
    }
    Optional<WordSize> sized =
        bySize("SIZE(list_head)", info.size("list_head"), 2)
            .or(() -> bySize("SIZE(atomic_long_t)", info.size("atomic_long_t"), 1))
            .or(() -> bySize("OFFSET(list_head.prev)", info.offset("list_head.prev"), 1));
    return sized.isPresent() ? sized : bySymbols(info, Integer.SIZE);
  }

  /** By a number that is {@code words} words in bytes. */
  private static Optional<WordSize> bySize(String key, OptionalLong size, int words) {
    if (size.isEmpty() || (size.getAsLong() != 4L * words && size.getAsLong() != 8L * words)) {
      return Optional.empty();
    }
    int bits = (int) size.getAsLong() / words * Byte.SIZE;
    return Optional.of(new WordSize(bits, key + "=" + size.getAsLong()));
  }

  /** By the first symbol whose address needs so many bits. */
  private static Optional<WordSize> bySymbols(VmcoreInfo info, int bits) {
    for (Map.Entry<String, String> line : info.values().entrySet()) {
      if (line.getKey().startsWith(SYMBOL) && bits(line.getValue()) == bits) {
        return Optional.of(new WordSize(bits, line.getKey() + "=" + line.getValue()));
      }
    }
    return Optional.empty();
  }

  /** 64 for an address of more than 8 digits, 32 for one of 8 digits, 0 for others. */
  private static int bits(String hex) {
    int from = hex.startsWith("0x") ? 2 : 0;
    while (from < hex.length() && hex.charAt(from) == '0') {
      from++;
    }
    for (int i = from; i < hex.length(); i++) {
      if (Character.digit(hex.charAt(i), 16) < 0) {
        return 0;
      }
    }
    int digits = hex.length() - from;
    return digits > 2 * DIGITS_32 || digits < DIGITS_32
        ? 0
        : digits > DIGITS_32 ? Long.SIZE : Integer.SIZE;
  }
}
