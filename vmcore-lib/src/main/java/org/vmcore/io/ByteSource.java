package org.vmcore.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * The bytes of one open file, read at any position by any number of threads.
 *
 * <p>A file is mapped where the system can do it and read piece by piece where it can't (jimfs,
 * {@code /proc}, some remote file systems); the two look the same here. What goes wrong in
 * operation: a file that shrinks while it is open faults when its lost part is touched. {@link
 * #read} turns that into a {@link VmcoreException}; in compiled code the fault ({@link
 * InternalError}) can come out a little later, so the outermost operation catches it once more, see
 * {@link Faults}.
 */
public abstract class ByteSource implements AutoCloseable {
  private final Identity identity;
  private final long size;

  public ByteSource(Identity identity, long size) {
    this.identity = identity;
    this.size = size;
  }

  /**
   * Bytes in a row that are all there, or all lost.
   *
   * @param start the file offset of the first one
   * @param end the file offset behind the last one
   * @param isThere whether they can be read
   */
  public record Span(long start, long end, boolean isThere) {}

  /**
   * Opens {@code path} for reading.
   *
   * @throws VmcoreException when it isn't there, isn't readable, or is no file that can be read at
   *     an offset: a directory, a FIFO, a socket, a terminal
   */
  public static ByteSource open(Path path) throws VmcoreException {
    try {
      String refusal = refusal(FileKind.of(path));
      if (!refusal.isEmpty()) {
        throw VmcoreException.of(path.toString(), refusal);
      }
      Optional<Object> before = key(path);
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      // Of a file that was replaced meanwhile, the key isn't known.
      Optional<Object> key = key(path).equals(before) ? before : Optional.empty();
      return of(Identity.of(path, key), channel);
    } catch (VmcoreException e) {
      throw e;
    } catch (IOException e) {
      throw VmcoreException.of(path.toString(), IoReason.of(e), e);
    }
  }

  /**
   * Opens {@code path} for reading as {@link #open} does, or, where it is a character device, the
   * first {@code size} bytes of it: {@code /dev/mem} doesn't tell how large it is.
   *
   * @throws VmcoreException as {@link #open} does
   */
  public static ByteSource openDevice(Path path, long size) throws VmcoreException {
    try {
      if (FileKind.of(path) != FileKind.CHARACTER_DEVICE) {
        return open(path);
      }
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      return new ChannelSource(Identity.of(path, Optional.empty()), channel, size);
    } catch (VmcoreException e) {
      throw e;
    } catch (IOException e) {
      throw VmcoreException.of(path.toString(), IoReason.of(e), e);
    }
  }

  /** Whether {@code path} leads to a character device. */
  public static boolean isDevice(Path path) {
    try {
      return FileKind.of(path) == FileKind.CHARACTER_DEVICE;
    } catch (IOException e) {
      return false; // opening it tells what is wrong
    }
  }

  private static String refusal(FileKind kind) {
    return switch (kind) {
      case REGULAR, BLOCK_DEVICE, LINK -> "";
      case DIRECTORY -> "a directory, not a dump";
      case PIPE -> "a pipe can't be read at an offset: save it to a file first";
      case SOCKET -> "a socket, not a dump";
      case CHARACTER_DEVICE -> "a character device can't be read at an offset";
    };
  }

  public static Optional<Object> key(Path path) throws IOException {
    return Optional.ofNullable(Files.readAttributes(path, BasicFileAttributes.class).fileKey());
  }

  /** The bytes of {@code channel}, which is closed with the source. */
  public static ByteSource of(Identity identity, FileChannel channel) throws IOException {
    Arena arena = Arena.ofShared();
    try {
      long size = channel.size();
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
      return new MappedSource(identity, arena, bytes, channel);
    } catch (IOException | UnsupportedOperationException e) {
      arena.close();
      return new ChannelSource(identity, channel, channel.size());
    }
  }

  /** The file's name as it was given. */
  public final String name() {
    return identity.name();
  }

  /** The path of the file that holds the bytes; with no envelope it is as it was given. */
  public final Path path() {
    return identity.path();
  }

  public final Identity identity() {
    return identity;
  }

  /** The size in bytes when it was opened, out of all envelopes. */
  public final long size() {
    return size;
  }

  /**
   * What tells this file from any other, on file systems that have such a key. Bytes that lie in an
   * envelope have none.
   */
  public final Optional<Object> fileKey() {
    return identity.fileKey();
  }

  /**
   * Copies bytes from {@code position} on to {@code dst}.
   *
   * @param position a file offset in bytes
   * @return the bytes copied, as many as are {@link #available}: all of {@code dst}, fewer at the
   *     end of the file, 0 at or past it
   * @throws VmcoreException when the file can't be read there, was truncated, or is closed
   */
  public abstract long read(long position, MemorySegment dst) throws VmcoreException;

  /** What the bytes were wrapped in, from the outside in: {@code gzip}, {@code flattened}. */
  public final List<String> envelopes() {
    return identity.envelopes();
  }

  /** The whole file as mapped memory; empty when it is read piece by piece. */
  public abstract Optional<MemorySegment> mapped();

  /** Closes the file. Reads under way in other threads fail with a {@link VmcoreException}. */
  @Override
  public abstract void close();

  @Override
  public String toString() {
    return name();
  }

  /**
   * How many bytes in a row are there from {@code position} on: fewer than {@code wanted} before
   * the file's end and before what is lost of it; 0 where the byte itself isn't there. {@link
   * #read} reads just these.
   */
  public long available(long position, long wanted) {
    return position < 0 || position >= size ? 0 : Math.min(wanted, size - position);
  }

  /** The bytes around {@code position}, at least 0, that are there or lost as it is. */
  public Span spanAt(long position) {
    return position < size ? new Span(0, size, true) : new Span(size, Long.MAX_VALUE, false);
  }

  /**
   * Why the byte at {@code position}, at least 0, is lost; empty when it isn't, or when nobody
   * knows.
   */
  public Optional<Finding> lossAt(long position) {
    return position < size
        ? Optional.empty()
        : Optional.of(Finding.error("file_size", size, "the file ends here"));
  }

  /**
   * Copies bytes as {@link #read} does, and has fewer at the end of the file alone.
   *
   * @throws VmcoreException when a byte before it is lost, too
   */
  public final long readWhole(long position, MemorySegment dst) throws VmcoreException {
    long got = read(position, dst);
    long at = position + got;
    if (got < dst.byteSize() && position >= 0 && at < size) {
      Optional<Finding> loss = lossAt(at);
      throw VmcoreException.at(
          name(),
          loss.map(Finding::offset).orElse(OptionalLong.empty()).orElse(at),
          loss.map(Finding::message).orElse("lost"));
    }
    return got;
  }

  /** How many of the {@code length} bytes from {@code position} on are lost. */
  public long lost(long position, long length) {
    return length - available(position, length);
  }
}
