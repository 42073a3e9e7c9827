package org.vmcore.mapping;

/**
 * The system calls a {@link Reservation} is made with. A result below zero is the negative errno,
 * as the kernel itself returns it.
 */
interface SystemCalls {
  long mmap(long address, long size, int protection, int flags, int fd, long offset);

  long munmap(long address, long size);

  long mprotect(long address, long size, int protection);

  /** Opens {@code path}, in the file system's own bytes without a closing zero. */
  long open(byte[] path, int flags);

  long close(int fd);

  /** Bytes in a page of this host. */
  long pageSize();
}
