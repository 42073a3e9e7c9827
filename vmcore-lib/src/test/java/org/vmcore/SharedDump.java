package org.vmcore;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.PlainReader;
import org.vmcore.testing.Reading;

/** A dump that threads close and open again under each other, and what must be read of it. */
final class SharedDump implements AutoCloseable {
  private final Path file;
  private final PlainReader plain;
  private final byte[] image;

  /** The offsets in the image whose bytes can be had. */
  private final BitSet present = new BitSet();

  private volatile Vmcore current;

  /**
   * Opens {@code file}.
   *
   * @param bytes its dump, out of its envelopes
   */
  SharedDump(Path file, byte[] bytes) throws VmcoreException {
    this.file = file;
    plain = PlainReader.of(bytes);
    current = Vmcore.open(file);
    image = new byte[Math.toIntExact(current.size())];
    long loads = current.size();
    for (ProgramHeader each : current.segments()) {
      if (each.isLoad()) {
        load(each);
        loads = Math.min(loads, each.offset() & -current.pageSize());
      }
    }
    byte[] head = Reading.bytes(current, 0, loads);
    System.arraycopy(head, 0, image, 0, head.length);
    present.set(0, (int) loads);
  }

  /** The pages of a PT_LOAD: around what it claims are zeros. */
  private void load(ProgramHeader load) {
    long page = current.pageSize();
    long end = load.offset() + load.memsz() + page - 1 & -page;
    present.set((int) (load.offset() & -page), (int) end);
    for (long i = 0; i < load.memsz(); i++) {
      int at = (int) (load.offset() + i);
      byte[] one = plain.read(load.paddr() + i, 1);
      present.set(at, one.length == 1);
      image[at] = one.length == 1 ? one[0] : 0;
    }
  }

  Vmcore vmcore() {
    return current;
  }

  PlainReader plain() {
    return plain;
  }

  boolean isPresent(int offset) {
    return present.get(offset);
  }

  /** What a read of the image gives: the bytes up to the first that can't be had. */
  byte[] read(int offset, int size) {
    int end = Math.min(Math.min(offset + size, image.length), present.nextClearBit(offset));
    return Arrays.copyOfRange(image, offset, Math.max(offset, end));
  }

  /** What a mapping shows: zeros for what can't be had. */
  byte[] mapped(int offset, int size) {
    return Arrays.copyOfRange(image, offset, offset + size);
  }

  int size() {
    return image.length;
  }

  /** Opens it again; who still uses the one before finds it closed. */
  void reopen() throws VmcoreException {
    Vmcore next = Vmcore.open(file);
    Vmcore before;
    synchronized (this) {
      before = current;
      current = next;
    }
    before.close();
  }

  @Override
  public void close() {
    current.close();
  }
}
