package org.vmcore.envelope;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.apache.commons.io.input.BoundedInputStream;
import org.vmcore.envelope.packed.Unpacker;
import org.vmcore.io.ByteSource;
import org.vmcore.io.ChannelSource;
import org.vmcore.io.Identity;
import org.vmcore.io.IoReason;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.Spill;

/**
 * Unpacks, or saves what comes out of a pipe, to a temporary file that has no name any more, and
 * whose mode is 0600.
 */
final class SpillFile {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final int BLOCK = 1 << 20;

  /** What is left free of a file system: others need it, too. */
  private static final long SPARE = 1L << 30;

  private static final Path STDIN = Path.of("/dev/stdin");

  private final String name;
  private final Spill spill;
  private final Path directory;

  private SpillFile(String name, Spill spill) {
    this.name = name;
    this.spill = spill;
    this.directory =
        spill.directory().orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
  }

  /** Where the bytes come from. */
  private interface Inflow {
    /** The next bytes; at most 0 at the end. */
    int next(byte[] dst, int offset, int length) throws IOException;

    /** How far it is, of {@link #total}. */
    long position();

    /** How much there is; −1 when nobody knows. */
    long total();

    /** What is said when it is more than {@code most}. */
    String tooLarge(String most);
  }

  /**
   * All that {@code unpacker} gives.
   *
   * @param packed what it unpacks; it stays open
   * @param envelope what it is wrapped in
   * @throws VmcoreException when it is more than there is room for, or can't be written
   */
  static ByteSource of(ByteSource packed, String envelope, Unpacker unpacker, Spill spill)
      throws VmcoreException {
    SpillFile file = new SpillFile(packed.name(), spill);
    spill.listener().unpacking(packed.name(), envelope, file.directory);
    Inflow inflow =
        new Inflow() {
          @Override
          public int next(byte[] dst, int offset, int length) throws VmcoreException {
            return unpacker.unpack(dst, offset, length);
          }

          @Override
          public long position() {
            return unpacker.position();
          }

          @Override
          public long total() {
            return packed.size();
          }

          @Override
          public String tooLarge(String most) {
            return envelope
                + ": it unpacks to more than the "
                + most
                + ": unpack it first, or give";
          }
        };
    try {
      return file.save(inflow, packed.identity().out(envelope));
    } catch (VmcoreException e) {
      throw e;
    } catch (IOException e) {
      throw file.failure(envelope + ": can't be unpacked to a file in ", e);
    }
  }

  /**
   * All that comes out of the pipe {@code path}, which waits for who writes to it.
   *
   * @throws VmcoreException when it is more than there is room for, or can't be read or written
   */
  static ByteSource ofPipe(Path path, Spill spill) throws VmcoreException {
    SpillFile file = new SpillFile(path.toString(), spill);
    spill.listener().saving(path.toString(), file.directory);
    return file.save(path, "pipe", "comes out of the pipe");
  }

  /**
   * All of the file {@code path}, of which there is nothing but a stream.
   *
   * @throws VmcoreException when it is more than there is room for, or can't be read or written
   */
  static ByteSource ofStream(Path path, Spill spill) throws VmcoreException {
    SpillFile file = new SpillFile(path.toString(), spill);
    spill.listener().savingStream(path.toString(), file.directory);
    return file.save(path, "stream", "is in the file");
  }

  private ByteSource save(Path path, String envelope, String what) throws VmcoreException {
    try (InputStream in = stream(path)) {
      return save(new Piped(in, what), Identity.of(path, Optional.empty()).out(envelope));
    } catch (VmcoreException e) {
      throw e;
    } catch (IOException e) {
      throw failure("can't be saved to a file in ", e);
    }
  }

  /** Opened anew, a socket on descriptor 0 could not be read. */
  private static InputStream stream(Path path) throws IOException {
    return path.equals(STDIN) ? new FileInputStream(FileDescriptor.in) : Files.newInputStream(path);
  }

  /** The bytes of a pipe. */
  private static final class Piped implements Inflow {
    /** Unbounded: it counts. */
    private final BoundedInputStream in;

    private final String what;

    Piped(InputStream in, String what) throws IOException {
      this.in = BoundedInputStream.builder().setInputStream(in).get();
      this.what = what;
    }

    @Override
    public int next(byte[] dst, int offset, int length) throws IOException {
      return in.read(dst, offset, length);
    }

    @Override
    public long position() {
      return in.getCount();
    }

    @Override
    public long total() {
      return -1;
    }

    @Override
    public String tooLarge(String most) {
      return "more " + what + " than the " + most + ": give";
    }
  }

  private VmcoreException failure(String what, IOException e) {
    return VmcoreException.of(name, what + directory + ": " + IoReason.of(e), e);
  }

  private ByteSource save(Inflow inflow, Identity identity) throws IOException {
    Opened file = open();
    boolean saved = false;
    try {
      write(inflow, file.channel());
      ByteSource source = ByteSource.of(identity.at(file.path(), file.key()), file.channel());
      saved = true;
      return source;
    } finally {
      if (!saved) {
        ChannelSource.close(file.channel());
      }
    }
  }

  /** A file without a name, and where it can be opened again all the same, if anywhere. */
  private record Opened(FileChannel channel, Path path, Optional<Object> key) {}

  private Opened open() throws IOException {
    Path file = Files.createTempFile(directory, "vmcore", ".spill");
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      Opened opened = new Opened(channel, descriptor(file).orElse(file), ByteSource.key(file));
      channel = null;
      return opened;
    } finally {
      Files.delete(file);
      if (channel != null) {
        ChannelSource.close(channel);
      }
    }
  }

  /** The one of this process's descriptors that is open for {@code file}, on Linux. */
  private static Optional<Path> descriptor(Path file) throws IOException {
    if (!Files.isDirectory(DESCRIPTORS)
        || !file.getFileSystem().equals(DESCRIPTORS.getFileSystem())) {
      return Optional.empty();
    }
    Path real = file.toRealPath();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path each : all) {
        if (Files.isSymbolicLink(each) && Files.readSymbolicLink(each).equals(real)) {
          return Optional.of(each);
        }
      }
    } catch (DirectoryIteratorException | NoSuchFileException e) {
      return Optional.empty(); // another thread closed what was listed
    }
    return Optional.empty();
  }

  private void write(Inflow inflow, FileChannel channel) throws IOException {
    long room = room();
    byte[] block = new byte[BLOCK];
    for (long size = 0; ; ) {
      int filled = fill(inflow, block);
      if (filled == 0) {
        return;
      }
      size += filled;
      if (size > Math.min(room, spill.limit())) {
        throw VmcoreException.of(name, tooLarge(inflow, room));
      }
      ByteBuffer bytes = ByteBuffer.wrap(block, 0, filled);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      spill.listener().progress(inflow.position(), inflow.total());
    }
  }

  private static int fill(Inflow inflow, byte[] block) throws IOException {
    int filled = 0;
    while (filled < block.length) {
      int n = inflow.next(block, filled, block.length - filled);
      if (n <= 0) {
        break;
      }
      filled += n;
    }
    return filled;
  }

  /** Of a file system with little space, some of it. */
  private long room() throws IOException {
    long free = Files.getFileStore(directory).getUsableSpace();
    return free - Math.min(SPARE, free / 4);
  }

  private String tooLarge(Inflow inflow, long room) {
    return spill.limit() <= room
        ? inflow.tooLarge("limit of " + spill.limit() + " bytes") + " more room with --spill-limit"
        : inflow.tooLarge(room + " bytes that " + directory + " has room for")
            + " another directory with --spill-dir";
  }
}
