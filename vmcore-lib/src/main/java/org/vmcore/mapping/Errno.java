package org.vmcore.mapping;

import org.vmcore.host.SystemCalls;

/** The errors mapping a file can give, in words; numbers as on x86_64 and arm64 Linux. */
final class Errno {
  private Errno() {}

  static String text(int errno) {
    return switch (errno) {
      case 1 -> "not permitted (EPERM)";
      case SystemCalls.ENOENT -> "no such file (ENOENT)";
      case 5 -> "input/output error (EIO)";
      case SystemCalls.ENXIO -> "no such device (ENXIO)";
      case 9 -> "no such descriptor (EBADF)";
      case 11 -> "too much memory is locked (EAGAIN)";
      case SystemCalls.ENOMEM ->
          "out of address space or mappings (ENOMEM); " + MappingCount.limitText();
      case 13 -> "permission denied (EACCES)";
      case 19 -> "the file system cannot map files (ENODEV)";
      case 22 -> "invalid argument (EINVAL)";
      case 23 -> "the system has too many open files (ENFILE)";
      case 24 -> "this process has too many open files (EMFILE)";
      case 40 -> "symbolic links loop (ELOOP)";
      case 75 -> "too many pages (EOVERFLOW)";
      default -> "errno " + errno;
    };
  }
}
