package org.vmcore.dump;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.vmcore.elf.bytes.NoteHeader;
import org.vmcore.io.Cursor;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;

/**
 * Walks the notes of one PT_NOTE as the kernel does (update_note_header_size_elf64 of
 * fs/proc/vmcore.c): from note to note while n_namesz is not 0; a note that would pass the end is
 * dropped and ends the walk.
 */
public final class NoteWalk {
  /**
   * The most notes of one dump that are walked over, in all its PT_NOTEs together; the kernel
   * writes one for each CPU and a few more.
   */
  public static final int MAX_NOTES = 1 << 16;

  private static final int MAX_NAME = 255;

  private final Memory memory;
  private final String file;
  private final long start;
  private final long size;
  private final ByteOrder order;
  private final byte[] buffer = new byte[NoteHeader.SIZE + MAX_NAME + 1];

  /**
   * The notes in {@code size} bytes of {@code memory} from {@code start} on.
   *
   * @param file named in errors
   */
  public NoteWalk(Memory memory, String file, long start, long size, ByteOrder order) {
    this.memory = memory;
    this.file = file;
    this.start = start;
    this.size = size;
    this.order = order;
  }

  /** Is told of each note. */
  public interface Visitor {
    /**
     * A whole note.
     *
     * @param at the address of its header
     * @return whether the walk goes on
     */
    boolean note(long at, NoteHeader header, String name) throws VmcoreException;

    /** A note that would pass the PT_NOTE's end; the walk ends here. */
    default void dropped(long at, NoteHeader header) throws VmcoreException {}

    /** The memory can't be read at {@code at}; the walk ends here. */
    default void unreadable(long at) throws VmcoreException {}
  }

  /** Walks, and gives the bytes that the whole notes take up. */
  public long walk(Visitor visitor) throws VmcoreException {
    long real = 0;
    while (size - real >= NoteHeader.SIZE) {
      long at = start + real;
      long got = memory.read(at, window(size - real));
      if (got < NoteHeader.SIZE) {
        visitor.unreadable(at + got);
        break;
      }
      NoteHeader header =
          NoteHeader.parse(Cursor.of(file, at, MemorySegment.ofArray(buffer), order));
      if (header.namesz() == 0) {
        break;
      }
      if (header.size() > size - real) {
        visitor.dropped(at, header);
        break;
      }
      real += header.size();
      if (!visitor.note(at, header, name(header, (int) got))) {
        break;
      }
    }
    return real;
  }

  private MemorySegment window(long left) {
    return MemorySegment.ofArray(buffer).asSlice(0, Math.min(left, buffer.length));
  }

  private String name(NoteHeader header, int got) {
    int end = NoteHeader.SIZE;
    int limit = (int) Math.min(NoteHeader.SIZE + Math.min(header.namesz(), MAX_NAME), got);
    while (end < limit && buffer[end] != 0) {
      end++;
    }
    return new String(buffer, NoteHeader.SIZE, end - NoteHeader.SIZE, StandardCharsets.ISO_8859_1);
  }
}
