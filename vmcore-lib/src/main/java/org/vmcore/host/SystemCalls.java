package org.vmcore.host;

/**
 * System calls that Java has no other way to. A result below zero is the negative errno, as the
 * kernel itself returns it. The constants are those of Linux on x86_64 and arm64, which are the
 * same (asm-generic/fcntl.h, asm-generic/mman-common.h, linux/fs.h).
 */
public interface SystemCalls {
  int PROT_READ = 1;
  int PROT_WRITE = 2;
  int MAP_SHARED = 0x01;
  int MAP_PRIVATE = 0x02;
  int MAP_FIXED = 0x10;
  int MAP_ANONYMOUS = 0x20;
  int MAP_NORESERVE = 0x4000;
  int O_RDONLY = 0;
  int O_NONBLOCK = 0x800;
  int O_CLOEXEC = 0x80000;
  int SEEK_END = 2;
  int SEEK_DATA = 3;
  int SEEK_HOLE = 4;
  int ENOENT = 2;
  int ENXIO = 6;
  int ENOMEM = 12;

  long mmap(long address, long size, int protection, int flags, int fd, long offset);

  long munmap(long address, long size);

  long mprotect(long address, long size, int protection);

  /** Opens {@code path}, in the file system's own bytes without a closing zero. */
  long open(byte[] path, int flags);

  long close(int fd);

  /** Moves the descriptor's position, which no positioned read knows of; gives it. */
  long lseek(int fd, long offset, int whence);

  /** Bytes in a page of this host. */
  long pageSize();
}
