package org.vmcore.image;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.Note;
import org.vmcore.elf.Vmcoredd;
import org.vmcore.elf.bytes.ElfWriter;
import org.vmcore.memory.Chunk;
import org.vmcore.memory.Extent;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.DeviceDump;
import org.vmcore.values.Bytes;

/**
 * A device dump: struct vmcoredd_header, which begins with the header of a note of type
 * NT_VMCOREDD, the driver's data, and zeros to the end of the last page.
 */
final class DeviceDumpPiece extends Piece {
  private static final byte[] NAME = {'L', 'I', 'N', 'U', 'X', 0, 0, 0};
  private static final int NOTE_HEADER = 12 + NAME.length;

  private final DeviceDump dump;
  private final MemorySegment header;

  /** The image offsets where the driver's data begin and end. */
  private final long dataStart;

  private final long dataEnd;

  /** {@code dump} at image offset {@code start}, in pages of {@code page} bytes. */
  DeviceDumpPiece(DeviceDump dump, long start, long page, ByteOrder order) {
    super(start, start + dump.imageSize(page));
    this.dump = dump;
    this.header = header(order);
    this.dataStart = start + DeviceDump.HEADER_SIZE;
    this.dataEnd = dataStart + dump.size();
  }

  private MemorySegment header(ByteOrder order) {
    MemorySegment bytes = MemorySegment.ofArray(new byte[DeviceDump.HEADER_SIZE]);
    byte[] name = dump.name().getBytes(StandardCharsets.UTF_8);
    new ElfWriter(bytes, ElfClass.ELF64, order)
        .u32(NAME.length)
        .u32((int) descsz())
        .u32(Note.NT_VMCOREDD)
        .bytes(NAME)
        .bytes(Arrays.copyOf(name, Vmcoredd.NAME_SIZE));
    return bytes.asReadOnly();
  }

  /** The kernel counts the padding to a page as data. */
  private long descsz() {
    return size() - NOTE_HEADER;
  }

  /** The dump as the note that it is, {@code number} being its number in the image. */
  Note note(int number, NoteContents contents) {
    return new ImageNote(
        number, -1, "LINUX", Note.NT_VMCOREDD, start(), start() + NOTE_HEADER, descsz(), contents);
  }

  @Override
  long read(long offset, MemorySegment dst, long at, long wanted) throws VmcoreException {
    long done = Math.clamp(dataStart - offset, 0, wanted);
    if (done > 0) {
      Bytes.copy(header, offset - start(), dst, at, done);
    }
    long data = Math.clamp(dataEnd - (offset + done), 0, wanted - done);
    if (data > 0) {
      long got = dump.data().read(offset + done - dataStart, dst.asSlice(at + done, data));
      done += got;
      if (got < data) {
        return done;
      }
    }
    return done + Zeros.fill(dst, at + done, wanted - done);
  }

  @Override
  Extent extentAt(long offset) throws VmcoreException {
    if (offset < dataStart) {
      return new Extent(start(), DeviceDump.HEADER_SIZE, PageState.PRESENT);
    }
    return offset < dataEnd
        ? moved(dump.data().extentAt(offset - dataStart), 0, dump.size(), dataStart)
        : new Extent(dataEnd, end() - dataEnd, PageState.PRESENT);
  }

  @Override
  Chunk chunk() {
    return new Chunk.Buffer(start(), size(), OptionalLong.empty(), Chunk.Content.DEVICE_DUMP, 0);
  }
}
