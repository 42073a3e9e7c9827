package org.vmcore.memory;

import java.util.List;

/**
 * What a kdump-compressed dump's own headers tell of the kernel, and of how the dump was made.
 *
 * @param utsname what {@code uname} says: sysname, nodename, release, version, machine and
 *     domainname; each may be empty
 * @param seconds the time that it bears, since 1970
 * @param microseconds of that time
 * @param dumpLevel what was left out when it was made: makedumpfile's sum of kinds of pages
 * @param physBase where the kernel's image was moved to, of x86 alone; some writers have it wrong
 * @param lacksMemoryMap whether unused pages of the memory map were left out, too
 */
public record DumpOrigin(
    List<String> utsname,
    long seconds,
    long microseconds,
    int dumpLevel,
    long physBase,
    boolean lacksMemoryMap) {}
