package org.vmcore.envelope;

import java.io.IOException;
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
import org.vmcore.envelope.packed.Unpacker;
import org.vmcore.io.ByteSource;
import org.vmcore.io.ChannelSource;
import org.vmcore.io.Identity;
import org.vmcore.io.IoReason;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.Spill;

/** Unpacks to a temporary file that has no name any more, and whose mode is 0600. */
final class SpillFile {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final int BLOCK = 1 << 20;

  /** What is left free of a file system: others need it, too. */
  private static final long SPARE = 1L << 30;

  private final ByteSource packed;
  private final String envelope;
  private final Spill spill;
  private final Path directory;

  private SpillFile(ByteSource packed, String envelope, Spill spill) {
    this.packed = packed;
    this.envelope = envelope;
    this.spill = spill;
    this.directory =
        spill.directory().orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
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
    return new SpillFile(packed, envelope, spill).unpack(unpacker);
  }

  private ByteSource unpack(Unpacker unpacker) throws VmcoreException {
    spill.listener().unpacking(packed.name(), envelope, directory);
    Opened file = null;
    try {
      file = open();
      write(unpacker, file.channel());
      Identity unpacked = packed.identity().out(envelope).at(file.path(), file.key());
      ByteSource source = ByteSource.of(unpacked, file.channel());
      file = null;
      return source;
    } catch (VmcoreException e) {
      throw e;
    } catch (IOException e) {
      throw VmcoreException.of(
          packed.name(),
          envelope + ": can't be unpacked to a file in " + directory + ": " + IoReason.of(e),
          e);
    } finally {
      if (file != null) {
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

  private void write(Unpacker unpacker, FileChannel channel) throws IOException {
    long room = room();
    byte[] block = new byte[BLOCK];
    for (long size = 0; ; ) {
      int filled = fill(unpacker, block);
      if (filled == 0) {
        return;
      }
      size += filled;
      if (size > Math.min(room, spill.limit())) {
        throw VmcoreException.of(packed.name(), envelope + ": " + tooLarge(room));
      }
      ByteBuffer bytes = ByteBuffer.wrap(block, 0, filled);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      spill.listener().progress(unpacker.position(), packed.size());
    }
  }

  private static int fill(Unpacker unpacker, byte[] block) throws VmcoreException {
    int filled = 0;
    while (filled < block.length) {
      int n = unpacker.unpack(block, filled, block.length - filled);
      if (n == 0) {
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

  private String tooLarge(long room) {
    return spill.limit() <= room
        ? "it unpacks to more than the limit of "
            + spill.limit()
            + " bytes: unpack it first, or give more room with --spill-limit"
        : "it unpacks to more than the "
            + room
            + " bytes that "
            + directory
            + " has room for: unpack it first, or give another directory with --spill-dir";
  }
}
