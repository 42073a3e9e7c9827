package org.vmcore.convert.elf;

import java.util.Arrays;

/**
 * The PT_LOADs to be written, in order. There may be a million of them, so they aren't objects.
 *
 * <p>A piece is memory that is in the dump and, behind it, memory that was left out; or memory that
 * is lost.
 */
final class Pieces {
  private static final int FIELDS = 5;
  private static final int SEGMENT = 0;
  private static final int START = 1;
  private static final int FILESZ = 2;
  private static final int MEMSZ = 3;
  private static final int OFFSET = 4;

  /** In {@link #OFFSET}, until it is known: the piece is lost. */
  private static final long LOST = -1;

  private long[] fields = new long[16 * FIELDS];
  private int count;

  /** How many there are. */
  int count() {
    return count;
  }

  /**
   * Adds a piece.
   *
   * @param segment the source's program header that it is a part of
   * @param start its first byte's image offset
   * @param size bytes that are in the dump
   */
  void add(int segment, long start, long size) {
    add(segment, start, size, size, 0);
  }

  /** Adds a piece that is lost. */
  void addLost(int segment, long start, long size) {
    add(segment, start, size, size, LOST);
  }

  /** {@code size} bytes more were left out: behind the last piece, if they may, else alone. */
  void addExcluded(int segment, long start, long size) {
    int last = count - 1;
    if (last >= 0
        && segment(last) == segment
        && !isLost(last)
        && start(last) + memsz(last) == start) {
      fields[last * FIELDS + MEMSZ] += size;
    } else {
      add(segment, start, 0, size, 0);
    }
  }

  private void add(int segment, long start, long filesz, long memsz, long offset) {
    int at = count++ * FIELDS;
    if (at == fields.length) {
      fields = Arrays.copyOf(fields, 2 * at);
    }
    fields[at + SEGMENT] = segment;
    fields[at + START] = start;
    fields[at + FILESZ] = filesz;
    fields[at + MEMSZ] = memsz;
    fields[at + OFFSET] = offset;
  }

  /** The source's program header that piece {@code index} is a part of. */
  int segment(int index) {
    return (int) fields[index * FIELDS + SEGMENT];
  }

  /** Its first byte's image offset. */
  long start(int index) {
    return fields[index * FIELDS + START];
  }

  /** Its bytes in the file. */
  long filesz(int index) {
    return fields[index * FIELDS + FILESZ];
  }

  /** All of its bytes. */
  long memsz(int index) {
    return fields[index * FIELDS + MEMSZ];
  }

  /** Whether it is lost, as long as it has no place. */
  boolean isLost(int index) {
    return fields[index * FIELDS + OFFSET] == LOST;
  }

  /** Its place in the file, in bytes. */
  long offset(int index) {
    return fields[index * FIELDS + OFFSET];
  }

  /** Gives it its place in the file. */
  void place(int index, long offset) {
    fields[index * FIELDS + OFFSET] = offset;
  }
}
