package org.vmcore.kernel;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.StructLayout;
import org.vmcore.memory.VmcoreException;

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
  private static final int SIZE = FIELDS * FIELD;

  /** Where uts_namespace has its name: first, or behind a reference count of 4 or 8 bytes. */
  private static final int[] OFFSETS = {0, 4, 8};

  static UtsName read(KernelReader in, StructLayout layout) throws VmcoreException {
    long namespace = layout.symbol("init_uts_ns");
    String offset = "uts_namespace.name";
    if (!layout.hasOffset(offset)) {
      return search(in, namespace, layout.release());
    }
    long address = namespace + layout.offset(offset);
    byte[] all = in.bytes(address, SIZE, "init_uts_ns.name");
    if (!isNames(all, 0)) {
      throw in.fault(address, "init_uts_ns.name", "no names");
    }
    return of(all, 0);
  }

  /** Kernels before 5.11 don't tell of the offset. */
  private static UtsName search(KernelReader in, long namespace, Optional<String> release)
      throws VmcoreException {
    byte[] all = in.bytes(namespace, OFFSETS[OFFSETS.length - 1] + SIZE, "init_uts_ns");
    for (int at : OFFSETS) {
      UtsName name = of(all, at);
      boolean isIts = release.isEmpty() || release.get().equals(name.release);
      if (isNames(all, at) && name.sysname.equals("Linux") && isIts) {
        return name;
      }
    }
    throw in.fault(namespace, "init_uts_ns", "no names of this kernel");
  }

  /** Whether all fields end and those that are never empty aren't. */
  private static boolean isNames(byte[] all, int at) {
    for (int i = 0; i < FIELDS; i++) {
      int field = at + i * FIELD;
      if (all[field + FIELD - 1] != 0 || (i < 3 && i != 1 && all[field] == 0)) {
        return false;
      }
    }
    return true;
  }

  private static UtsName of(byte[] all, int at) {
    String[] fields = new String[FIELDS];
    for (int i = 0; i < FIELDS; i++) {
      fields[i] = field(all, at + i * FIELD);
    }
    return new UtsName(fields[0], fields[1], fields[2], fields[3], fields[4], fields[5]);
  }

  /** Whether {@code info} leads to the utsname of the kernel that it names. */
  static boolean isOf(KernelReader in, VmcoreInfo info) {
    try {
      String release = read(in, new StructLayout(info, in.file())).release();
      return info.osRelease().isPresent() && info.osRelease().get().equals(release);
    } catch (VmcoreException e) {
      return false;
    }
  }

  private static String field(byte[] all, int from) {
    int end = from;
    while (end < from + FIELD && all[end] != 0) {
      end++;
    }
    return new String(all, from, end - from, StandardCharsets.UTF_8);
  }
}
