package org.vmcore.convert.kdump;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.arch.KernelMachine;
import org.vmcore.arch.Machine;
import org.vmcore.elf.Note;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.UtsName;
import org.vmcore.memory.DumpOrigin;
import org.vmcore.memory.VmcoreException;

/**
 * What the headers tell of the kernel: out of the source's headers, where it has such, else out of
 * VMCOREINFO and the kernel's memory.
 *
 * @param utsname sysname, nodename, release, version, machine and domainname
 * @param seconds the time of the crash, since 1970; 0 where it isn't known
 * @param microseconds of that time
 * @param cpus the CPUs whose registers there are
 * @param physBase where the kernel's image was moved to, of x86 alone
 * @param dumpLevel what the source had left out
 * @param lacksMemoryMap whether the source had left out unused pages of the memory map
 */
record KernelIdentity(
    List<String> utsname,
    long seconds,
    long microseconds,
    int cpus,
    long physBase,
    int dumpLevel,
    boolean lacksMemoryMap) {
  /**
   * The identity of the kernel of {@code vmcore}. It isn't searched for: without VMCOREINFO most is
   * empty.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  static KernelIdentity of(Vmcore vmcore, Kernel kernel) throws VmcoreException {
    Optional<VmcoreInfo> info = vmcore.vmcoreInfo();
    Optional<DumpOrigin> origin = vmcore.origin();
    OptionalLong crash = info.isPresent() ? info.get().crashTime() : OptionalLong.empty();
    OptionalLong base = info.isPresent() ? info.get().number("phys_base") : OptionalLong.empty();
    return new KernelIdentity(
        utsname(vmcore, kernel, info, origin),
        origin.isPresent() ? origin.get().seconds() : crash.orElse(0),
        origin.isPresent() ? origin.get().microseconds() : 0,
        cpus(vmcore),
        base.orElse(origin.isPresent() ? origin.get().physBase() : 0),
        origin.isPresent() ? origin.get().dumpLevel() : 0,
        origin.isPresent() && origin.get().lacksMemoryMap());
  }

  private static int cpus(Vmcore vmcore) {
    int cpus = 0;
    for (Note note : vmcore.notes()) {
      cpus += note.isPrStatus() ? 1 : 0;
    }
    return cpus;
  }

  private static List<String> utsname(
      Vmcore vmcore, Kernel kernel, Optional<VmcoreInfo> info, Optional<DumpOrigin> origin)
      throws VmcoreException {
    if (origin.isPresent() && !origin.get().utsname().getFirst().isEmpty()) {
      return origin.get().utsname();
    }
    String release = info.isPresent() ? info.get().osRelease().orElse("") : "";
    if (!release.isEmpty()) {
      try {
        UtsName uts = kernel.uts();
        return List.of(
            uts.sysname(),
            uts.nodename(),
            uts.release(),
            uts.version(),
            uts.machine(),
            uts.domainname());
      } catch (VmcoreException e) {
        // Left out of the dump, or lost: VMCOREINFO has the name that matters.
      }
    }
    return List.of("Linux", "", release, "", machine(vmcore, info), "");
  }

  private static String machine(Vmcore vmcore, Optional<VmcoreInfo> info) {
    String name = vmcore.architecture();
    ByteOrder order = KernelMachine.order(vmcore.header(), info);
    return Machine.named(name).map(machine -> machine.uname(order)).orElse(name);
  }
}
