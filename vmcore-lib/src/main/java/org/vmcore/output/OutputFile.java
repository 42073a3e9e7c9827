package org.vmcore.output;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import org.vmcore.io.IoReason;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Bytes;

/**
 * A file written from its first byte to its last.
 *
 * <ul>
 *   <li>A regular file appears whole at {@link #commit}, or not at all: it is written under a
 *       temporary name beside the target, with mode 0600 (it is kernel memory) and holes where 4
 *       KiB of zeros lie on a 4 KiB boundary. A symbolic link stays, what it leads to is replaced
 *       or created.
 *   <li>Devices, pipes and the process's own descriptors ({@code /dev/stdout}, {@code /dev/fd/N})
 *       get every byte, zeros too, in order and at once; nothing is renamed or truncated. {@code
 *       /dev/stdout} and {@code /dev/stderr} go on where the descriptor stands; another descriptor
 *       that leads to a regular file is appended to. Opening a pipe waits for its reader.
 * </ul>
 *
 * <p>Bytes are gathered into blocks, so that small writes are cheap, an error may show only at a
 * later call, and no channel ever sees a mapped segment (a truncated file would kill the JVM
 * there). Not thread-safe, but for {@link #abandonAll}.
 *
 * <p>One thread gathers and writes. With a second one a copy takes longer: a file has one writer at
 * a time, and the kernel's threads wait for each other at full speed.
 */
public final class OutputFile implements AutoCloseable {
  /** The whole reason of the exception when nobody reads the pipe any more (EPIPE). */
  public static final String READER_GONE = "the reader closed the pipe";

  /**
   * Bytes in a block: it stays in the cache of a core, which is faster than a larger one, and few
   * pages of memory are touched.
   */
  private static final int BLOCK = 1 << 18;

  private String name;
  private final Sink sink;
  private final BlockWriter writer;

  /** Shared: what is read into the block may be put there by several threads. */
  private final Arena arena = Arena.ofShared();

  /** What is gathered. */
  private final MemorySegment block = arena.allocate(BLOCK, ZeroPages.SIZE);

  /** Output position of the block's first byte: a multiple of 4 KiB. */
  private long start;

  private int filled;
  private boolean committed;

  private OutputFile(String name, Sink sink) {
    this.name = name;
    this.sink = sink;
    this.writer = new BlockWriter(name, sink);
  }

  /**
   * How a regular file is treated.
   *
   * @param force whether an existing file may be replaced
   * @param sync whether {@link OutputFile#commit} waits until the bytes are on the disk
   */
  public record Options(boolean force, boolean sync) {}

  /**
   * Starts writing {@code target}.
   *
   * @throws VmcoreException if the target is a directory, a socket, or exists without {@code
   *     force}; if its directory does not exist or may not be written; if symbolic links loop
   */
  public static OutputFile create(Path target, Options options) throws VmcoreException {
    String name = target.toString();
    try {
      return new OutputFile(
          name,
          switch (Target.of(target)) {
            case Target.Whole(Path path) -> StagedFile.create(path, options);
            case Target.Direct direct -> StreamSink.open(direct, options);
          });
    } catch (IOException e) {
      throw VmcoreException.of(name, "cannot create: " + IoReason.of(e), e);
    }
  }

  /**
   * Deletes the temporary names of all files that are being written, for the moment the process is
   * told to end: safe from a shutdown hook while other threads go on writing. Their {@link #commit}
   * then fails; files created afterwards are not covered.
   */
  public static void abandonAll() {
    StagedFile.abandonAll();
  }

  /** The same for good: no file with a temporary name is created from now on, either. */
  public static void abandonAllForGood() {
    StagedFile.refuse();
    StagedFile.abandonAll();
  }

  /** Number of bytes written and skipped so far. */
  public long position() {
    return start + filled;
  }

  /**
   * About how many of the bytes so far were zeros: found when they were written, or, where they
   * aren't looked at, all of them.
   */
  public long zeros() {
    return sink.sparse() ? writer.zeros() : position();
  }

  /**
   * Appends all of {@code source}, heap, native or mapped.
   *
   * @throws VmcoreException if the disk is full or the reader of a pipe is gone
   * @throws InternalError if {@code source} maps a file that has been truncated
   */
  public void write(MemorySegment source) throws VmcoreException {
    requireOpen();
    long done = 0;
    while (done < source.byteSize()) {
      long zeros = sink.sparse() && source.isNative() ? ZeroPages.run(source, done) : 0;
      if (zeros > 0) {
        skip(zeros);
        done += zeros;
        continue;
      }
      int n = (int) Math.min(Math.min(source.byteSize() - done, ZeroPages.RUN), room());
      Bytes.copy(source, done, block, filled, n);
      filled += n;
      done += n;
    }
  }

  /** Appends the remaining bytes of {@code source}; its position moves to its limit. */
  public void write(ByteBuffer source) throws VmcoreException {
    write(MemorySegment.ofBuffer(source));
    source.position(source.limit());
  }

  /** Appends {@code length} bytes of {@code source} from {@code offset}. */
  public void write(byte[] source, int offset, int length) throws VmcoreException {
    requireOpen();
    Objects.checkFromIndexSize(offset, length, source.length);
    int done = 0;
    while (done < length) {
      int n = Math.min(length - done, room());
      MemorySegment.copy(source, offset + done, block, ValueLayout.JAVA_BYTE, filled, n);
      filled += n;
      done += n;
    }
  }

  /** Puts bytes into a segment. */
  @FunctionalInterface
  public interface Reader {
    /** Fills {@code dst} from its start on, and gives the number of bytes it put there. */
    long read(MemorySegment dst) throws VmcoreException;
  }

  /**
   * Appends what {@code reader} gives when it is asked once, without a copy in between.
   *
   * @param most the most bytes that are wanted; fewer may be asked for
   * @return the bytes appended
   * @throws VmcoreException if the reader throws it, or as {@link #write} does
   */
  public long append(long most, Reader reader) throws VmcoreException {
    requireOpen();
    int wanted = (int) Math.min(most, room());
    long got = reader.read(block.asSlice(filled, wanted));
    filled += (int) got;
    return got;
  }

  /** Appends {@code size} zeros: a hole where the target can have one. */
  public void skip(long size) throws VmcoreException {
    requireOpen();
    if (size < 0 || position() + size < 0) {
      throw new IllegalArgumentException("skip of " + size + " bytes at " + position());
    }
    if (!sink.sparse() || size < ZeroPages.RUN) {
      zeros(size);
      return;
    }
    int toPage = (int) (-position() & (ZeroPages.SIZE - 1));
    int beyond = (int) ((size - toPage) & (ZeroPages.SIZE - 1));
    zeros(toPage);
    flush();
    start += size - toPage - beyond;
    zeros(beyond);
  }

  private void zeros(long size) throws VmcoreException {
    long left = size;
    while (left > 0) {
      int n = (int) Math.min(left, room());
      block.asSlice(filled, n).fill((byte) 0);
      filled += n;
      left -= n;
    }
  }

  private int room() throws VmcoreException {
    if (filled == BLOCK) {
      flush();
    }
    return BLOCK - filled;
  }

  private void flush() throws VmcoreException {
    writer.write(block, filled, start);
    start += filled;
    filled = 0;
  }

  /**
   * Completes the file: with its exact length, on the disk if the options say so, and under its own
   * name. Without {@code force} a file that appeared there meanwhile is left alone: for certain
   * where the file system has hard links, else up to a moment between looking and renaming.
   *
   * @throws VmcoreException if that fails; the target is then as it was
   */
  public void commit() throws VmcoreException {
    requireOpen();
    flush();
    try {
      sink.commit(position());
      committed = true;
    } catch (IOException e) {
      throw VmcoreException.of(name, "cannot complete: " + IoReason.of(e), e);
    }
  }

  /**
   * Completes the file under another name in the target's folder: what it is called may depend on
   * what is in it. As {@link #commit} does otherwise; when that fails, it can be tried again under
   * yet another name.
   *
   * @throws VmcoreException as {@link #commit} does
   * @throws IllegalStateException when it is no regular file
   */
  public void commitAs(Path other) throws VmcoreException {
    requireOpen();
    stagedFile().aim(other);
    name = other.toString();
    commit();
  }

  /**
   * Writes out all that was gathered, and gives the name under which it lies until it is committed:
   * to look at it before. If the options say so, it is on the disk.
   *
   * @throws VmcoreException if the disk is full
   * @throws IllegalStateException when it is no regular file
   */
  public Path staged() throws VmcoreException {
    requireOpen();
    StagedFile file = stagedFile();
    flush();
    try {
      return file.complete(position());
    } catch (IOException e) {
      throw VmcoreException.of(name, "cannot complete: " + IoReason.of(e), e);
    }
  }

  /** Deletes a regular file after it was committed. */
  void takeBack() {
    if (committed && sink instanceof StagedFile file) {
      file.takeBack();
    }
  }

  /** Whether it is a regular file, of which nobody sees anything before it is committed. */
  public boolean isStaged() {
    return sink instanceof StagedFile;
  }

  /** Fails where {@code bytes} for {@code what} can't be had; who knows when it is no file? */
  void requireRoom(long bytes, String what) throws VmcoreException {
    if (sink instanceof StagedFile file) {
      file.requireRoom(name, bytes, what);
    }
  }

  private StagedFile stagedFile() {
    if (sink instanceof StagedFile file) {
      return file;
    }
    throw new IllegalStateException(name + " is no regular file");
  }

  private void requireOpen() {
    if (committed) {
      throw new IllegalStateException(name + " is complete");
    }
  }

  /** Gives up what was not committed: a temporary file is deleted. */
  @Override
  public void close() {
    sink.close();
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  @Override
  public String toString() {
    return "OutputFile[" + name + " at " + position() + "]";
  }
}
