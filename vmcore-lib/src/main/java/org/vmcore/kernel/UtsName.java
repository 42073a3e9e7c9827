package org.vmcore.kernel;

import java.nio.charset.StandardCharsets;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.io.VmcoreException;

/**
 * What {@code uname} says of a kernel. Source: {@code struct new_utsname} of
 * include/uapi/linux/utsname.h.
 *
 * @param sysname {@code Linux}
 * @param nodename the host's name
 * @param release {@code 6.1.0-56-cloud-amd64}
 * @param version {@code #1 SMP PREEMPT_DYNAMIC …}
 * @param machine {@code x86_64}, {@code aarch64}
 * @param domainname NIS's
 */
public record UtsName(
    String sysname,
    String nodename,
    String release,
    String version,
    String machine,
    String domainname) {
  private static final int FIELD = 65; // __NEW_UTS_LEN + 1
  private static final int FIELDS = 6;

  static UtsName read(Reader in, StructLayout layout) throws VmcoreException {
    long address = layout.symbol("init_uts_ns") + layout.offset("uts_namespace.name");
    byte[] all = in.bytes(address, FIELDS * FIELD, "init_uts_ns.name");
    for (int i = 0; i < FIELDS; i++) {
      if (all[i * FIELD + FIELD - 1] != 0 || (i < 3 && i != 1 && all[i * FIELD] == 0)) {
        throw in.fault(address, "init_uts_ns.name", "no names");
      }
    }
    return new UtsName(
        field(all, 0), field(all, 1), field(all, 2), field(all, 3), field(all, 4), field(all, 5));
  }

  /** Whether {@code info} leads to the utsname of the kernel that it names. */
  static boolean isOf(Reader in, VmcoreInfo info) {
    try {
      String release = read(in, new StructLayout(info, in.file())).release();
      return info.osRelease().isPresent() && info.osRelease().get().equals(release);
    } catch (VmcoreException e) {
      return false;
    }
  }

  private static String field(byte[] all, int index) {
    int from = index * FIELD;
    int end = from;
    while (end < from + FIELD && all[end] != 0) {
      end++;
    }
    return new String(all, from, end - from, StandardCharsets.UTF_8);
  }
}
