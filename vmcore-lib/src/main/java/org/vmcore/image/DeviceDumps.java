package org.vmcore.image;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

/**
 * The device dumps of an image: each a note of type NT_VMCOREDD that fills whole pages, in front of
 * the merged notes.
 */
final class DeviceDumps {
  private static final byte[] NAME = {'L', 'I', 'N', 'U', 'X', 0, 0, 0};
  private static final int NOTE_HEADER = 12 + NAME.length;

  private final List<DeviceDump> dumps;

  /** By dump: its image offset. Behind the last one: where they end. */
  private final long[] start;

  /** By dump: its struct vmcoredd_header. */
  private final List<MemorySegment> headers = new ArrayList<>();

  private DeviceDumps(List<DeviceDump> dumps, long page, long offset, ByteOrder order) {
    this.dumps = dumps;
    this.start = new long[dumps.size() + 1];
    start[0] = offset;
    for (int i = 0; i < dumps.size(); i++) {
      start[i + 1] = start[i] + dumps.get(i).imageSize(page);
      headers.add(header(i, order));
    }
  }

  /** The dumps, the first at {@code offset} of the image. */
  static DeviceDumps of(List<DeviceDump> dumps, long page, long offset, ByteOrder order) {
    return new DeviceDumps(List.copyOf(dumps), page, offset, order);
  }

  private MemorySegment header(int i, ByteOrder order) {
    MemorySegment header = MemorySegment.ofArray(new byte[DeviceDump.HEADER_SIZE]);
    byte[] name = dumps.get(i).name().getBytes(StandardCharsets.UTF_8);
    new ElfWriter(header, ElfClass.ELF64, order)
        .u32(NAME.length)
        .u32((int) descsz(i))
        .u32(Note.NT_VMCOREDD)
        .bytes(NAME)
        .bytes(Arrays.copyOf(name, Vmcoredd.NAME_SIZE));
    return header.asReadOnly();
  }

  /** The kernel counts the padding to a page as data. */
  private long descsz(int i) {
    return start[i + 1] - start[i] - NOTE_HEADER;
  }

  int count() {
    return dumps.size();
  }

  /** Where dump {@code i} starts in the image; for the count of them, where the last one ends. */
  long start(int i) {
    return start[i];
  }

  long end() {
    return start[dumps.size()];
  }

  /** Their notes, numbered from 0. */
  List<Note> notes() {
    List<Note> notes = new ArrayList<>();
    for (int i = 0; i < dumps.size(); i++) {
      notes.add(
          new Note(i, -1, "LINUX", Note.NT_VMCOREDD, start[i], start[i] + NOTE_HEADER, descsz(i)));
    }
    return notes;
  }

  /** Copies from image offset {@code at} on; no further than the dump's end. */
  long read(long at, MemorySegment dst, long to, long wanted) throws VmcoreException {
    int i = indexOf(at);
    long data = start[i] + DeviceDump.HEADER_SIZE;
    if (at < data) {
      long n = Math.min(wanted, data - at);
      MemorySegment.copy(headers.get(i), at - start[i], dst, to, n);
      return n;
    }
    long left = data + dumps.get(i).size() - at;
    if (left > 0) {
      return dumps.get(i).data().read(at - data, dst.asSlice(to, Math.min(wanted, left)));
    }
    long n = Math.min(wanted, start[i + 1] - at);
    dst.asSlice(to, n).fill((byte) 0);
    return n;
  }

  /** The bytes around image offset {@code at}. */
  Extent extentAt(long at) throws VmcoreException {
    int i = indexOf(at);
    long data = start[i] + DeviceDump.HEADER_SIZE;
    long end = data + dumps.get(i).size();
    if (at < data) {
      return new Extent(start[i], DeviceDump.HEADER_SIZE, PageState.PRESENT);
    }
    if (at >= end) {
      return new Extent(end, start[i + 1] - end, PageState.PRESENT);
    }
    Extent extent = dumps.get(i).data().extentAt(at - data).clip(0, end - data);
    return new Extent(extent.start() + data, extent.size(), extent.state());
  }

  private int indexOf(long at) {
    int i = Arrays.binarySearch(start, at);
    return i >= 0 ? i : -i - 2;
  }

  Chunk chunk(int i) {
    return new Chunk.Buffer(
        start[i], start[i + 1] - start[i], OptionalLong.empty(), Chunk.Content.DEVICE_DUMP, 0);
  }
}
