package org.vmcore.output;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.vmcore.memory.VmcoreException;

/**
 * An output whose bytes are written where they belong, in any order. What is never written is
 * zeros.
 *
 * <p>Not thread-safe, but for {@link OutputFile#abandonAll}.
 */
public sealed interface PlacedOutput extends AutoCloseable permits PlacedFile, FlattenedFile {
  /**
   * Starts writing the file {@code target} at positions.
   *
   * @throws VmcoreException as {@link OutputFile#create} does, and if the target is a pipe, a
   *     device or an open descriptor
   */
  static PlacedOutput file(Path target, OutputFile.Options options) throws VmcoreException {
    return PlacedFile.create(target, options);
  }

  /**
   * Starts writing a flattened file to {@code target}, which may be a pipe: in order.
   *
   * @throws VmcoreException as {@link OutputFile#create} does
   */
  static PlacedOutput flattened(Path target, OutputFile.Options options) throws VmcoreException {
    return FlattenedFile.create(target, options);
  }

  /** The bytes that a flattened file of {@code records} has besides what was written to it. */
  static long flattenedSize(long records) {
    return FlattenedFile.size(records);
  }

  /** Completes {@code output}, see {@link #commit(List)}. */
  static void commit(PlacedOutput output) throws VmcoreException {
    commit(List.of(output));
  }

  /**
   * Completes {@code outputs}, all of them or none, as far as the file system allows: each is whole
   * before the first one gets its name; when one can't get it, those that have theirs lose it
   * again.
   *
   * @throws VmcoreException if that fails
   */
  static void commit(List<? extends PlacedOutput> outputs) throws VmcoreException {
    for (PlacedOutput output : outputs) {
      output.complete();
    }
    int named = 0;
    try {
      for (PlacedOutput output : outputs) {
        output.rename();
        named++;
      }
    } finally {
      if (named < outputs.size()) {
        outputs.subList(0, named).forEach(PlacedOutput::takeBack);
      }
    }
  }

  /**
   * Writes {@code bytes} at byte {@code position}: memory that no file is mapped to.
   *
   * @throws VmcoreException if the disk is full or the reader of a pipe is gone
   */
  void write(MemorySegment bytes, long position) throws VmcoreException;

  /** Whether zeros need not be written, where more follows. */
  boolean isSparse();

  /**
   * Sees to it that there is room before anything is written.
   *
   * @param bytes how many are needed at least
   * @param what they are for, in words
   * @throws VmcoreException when the file system has fewer, as far as it tells
   */
  void requireRoom(long bytes, String what) throws VmcoreException;

  /** The size of the file so far in bytes; of a flattened one what its records take. */
  long size();

  /** Writes out all of it; on the disk if the options say so. */
  void complete() throws VmcoreException;

  /** Gives what is complete its own name. */
  void rename() throws VmcoreException;

  /** Takes the name away again, with the file. */
  void takeBack();

  /** Gives up what was not committed: a temporary file is deleted. */
  @Override
  void close();
}
