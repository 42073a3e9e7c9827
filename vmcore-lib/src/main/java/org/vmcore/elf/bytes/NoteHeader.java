package org.vmcore.elf.bytes;

import org.vmcore.io.Cursor;
import org.vmcore.memory.VmcoreException;

/**
 * Elf32_Nhdr and Elf64_Nhdr, which are the same; the name and then the descriptor follow, each
 * padded to 4 bytes.
 *
 * @param namesz n_namesz in bytes, unsigned 32 bits, the NUL included
 * @param descsz n_descsz in bytes, unsigned 32 bits
 * @param type n_type
 */
public record NoteHeader(long namesz, long descsz, int type) {
  /** The size of the header in bytes. */
  public static final int SIZE = 12;

  /** Parses a note header. */
  public static NoteHeader parse(Cursor in) throws VmcoreException {
    return new NoteHeader(in.u32("n_namesz"), in.u32("n_descsz"), in.s32("n_type"));
  }

  /** The bytes from the header to the descriptor. */
  public long descOffset() {
    return SIZE + align4(namesz);
  }

  /** The bytes from this header to the next. */
  public long size() {
    return descOffset() + align4(descsz);
  }

  /** {@code n} rounded up to a multiple of 4. */
  public static long align4(long n) {
    return n + 3 & ~3L;
  }
}
