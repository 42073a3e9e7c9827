package org.vmcore.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
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
  private static final Path STDIN = Path.of("/dev/stdin");

  private final Identity identity;
  private final long size;

  /** What turned out to be lost when it was read. */
  private volatile Losses losses = Losses.NONE;

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
   *     an offset: a directory, a FIFO, a socket, a terminal; {@link Streamed} when another file
   *     system has nothing but a stream of it
   */
  public static ByteSource open(Path path) throws VmcoreException {
    try {
      String refusal = refusal(FileKind.of(path));
      if (!refusal.isEmpty()) {
        throw VmcoreException.of(path.toString(), refusal);
      }
      Optional<Object> before = key(path);
      if (!path.getFileSystem().equals(FileSystems.getDefault())) {
        return openElsewhere(path);
      }
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
   * Opens a file of another file system than the host's. Some of these have file channels, some
   * channels with positions, and some nothing but streams.
   *
   * @throws Streamed when it has nothing but a stream
   */
  private static ByteSource openElsewhere(Path path) throws IOException {
    boolean isZip = path.getFileSystem().provider().getScheme().equals("jar");
    if (isZip) {
      throw new Streamed(path); // its file channel would unpack the file, without a limit
    }
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      return of(Identity.of(path, key(path)), channel);
    } catch (UnsupportedOperationException e) {
      // Many have none.
    }
    try {
      return BlockSource.of(Identity.of(path, Optional.empty()), Files.newByteChannel(path));
    } catch (UnsupportedOperationException e) {
      throw new Streamed(path);
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

  /** Whether {@code path} leads to a pipe, or is the process's stdin and leads to a socket. */
  public static boolean isPipe(Path path) {
    try {
      FileKind kind = FileKind.of(path);
      return kind == FileKind.PIPE || (kind == FileKind.SOCKET && path.equals(STDIN));
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

  /** What tells the file at {@code path} from any other; empty where its file system has no key. */
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
    } catch (ClosedByInterruptException e) {
      arena.close();
      throw e; // the channel can't be read piece by piece, either
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

  /** Its name, path, key and envelopes. */
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
   *     end of the file and in front of what is lost of it, 0 at or past it
   * @throws VmcoreException when the dump is closed; when the byte at {@code position} turns out to
   *     be lost, for the file was truncated or fails there. From then on it isn't available
   */
  public abstract long read(long position, MemorySegment dst) throws VmcoreException;

  /**
   * Copies bytes as {@link #read} does; gives 0 where the first one turns out to be lost.
   *
   * @throws VmcoreException when the dump is closed
   */
  public final long readPresent(long position, MemorySegment dst) throws VmcoreException {
    try {
      return read(position, dst);
    } catch (VmcoreException e) {
      if (available(position, 1) > 0) {
        throw e;
      }
      return 0;
    }
  }

  /**
   * Copies bytes as {@link #read} does, up to the end of the file.
   *
   * @throws VmcoreException when the dump is closed, or one of the bytes turns out to be lost
   */
  public final long readWhole(long position, MemorySegment dst) throws VmcoreException {
    long got = read(position, dst);
    long behind = position + got;
    if (got < dst.byteSize() && hasLosses() && behind >= 0 && behind < size) {
      String why = lossAt(behind).map(Finding::message).orElse("lost");
      throw VmcoreException.at(name(), behind, why);
    }
    return got;
  }

  /**
   * Looks whether the file was truncated meanwhile; gives whether that shows for the first time.
   */
  public boolean isFoundCut() {
    return false;
  }

  /** Whether some of it turned out to be lost when it was read. */
  public boolean hasLosses() {
    return !losses.isEmpty();
  }

  /** The bytes from {@code from} to {@code to} are lost from now on. */
  protected final synchronized void lose(long from, long to, String why) {
    if (losses.available(from, to - from) > 0 || losses.lost(from, to - from) < to - from) {
      losses = losses.with(from, losses.isFull() ? size : to, why);
    }
  }

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
    if (position < 0 || position >= size) {
      return 0;
    }
    long n = Math.min(wanted, size - position);
    Losses lost = losses;
    return lost.isEmpty() ? n : lost.available(position, n);
  }

  /** The bytes around {@code position}, at least 0, that are there or lost as it is. */
  public Span spanAt(long position) {
    return position < size ? losses.spanAt(position, size) : new Span(size, Long.MAX_VALUE, false);
  }

  /**
   * The position of a byte of one of the files that this is made of.
   *
   * @param file its number; there is but one file, 0, unless they were joined
   * @param offset in that file in bytes
   * @throws VmcoreException when there is no such file
   */
  public long position(int file, long offset) throws VmcoreException {
    if (file > 0) {
      throw VmcoreException.of(name(), "there is no file " + file + " of it, counted from 0");
    }
    return offset;
  }

  /** How many positions each of the files has, whether there are bytes or not. */
  public long most() {
    return Long.MAX_VALUE;
  }

  /** Where bytes that are there lie as they are. */
  public FileSlice slice(long position, long length) {
    return new FileSlice(this, position, length);
  }

  /**
   * The first offset from {@code offset} on that may hold data; {@link #size} when there is none.
   * What lies before it is a hole: it reads as zeros, and needn't be read. Without knowledge of
   * holes it is {@code offset} itself.
   */
  public long nextData(long offset) {
    return offset;
  }

  /** How many of the {@code length} bytes from {@code position} on are lost. */
  public long lost(long position, long length) {
    long inside = position < 0 || position >= size ? 0 : Math.min(length, size - position);
    return length - inside + losses.lost(position, inside);
  }

  /** Why the byte at {@code position} isn't there, as far as that is known. */
  public Optional<Finding> lossAt(long position) {
    return position >= size
        ? Optional.of(Finding.error("file_size", size, "the file ends here"))
        : losses.at(position);
  }
}
