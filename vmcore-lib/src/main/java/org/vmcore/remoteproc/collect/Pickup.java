package org.vmcore.remoteproc.collect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.vmcore.io.IoReason;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.OutputFile;
import org.vmcore.remoteproc.Devcoredump;
import org.vmcore.values.Hex;

/**
 * One dump on its way into a file: read to its end, checked, given its name, and released when all
 * of it is on the disk. Whatever goes wrong, the kernel keeps what isn't in a file.
 */
final class Pickup {
  /** Bytes that are asked for at once; the kernel gives 4 KiB at most. */
  private static final int BUFFER = 1 << 16;

  /** What is released is gone: before that it is on the disk. */
  private static final OutputFile.Options OUTPUT = new OutputFile.Options(false, true);

  private final Devcoredump dump;
  private final Optional<String> device;
  private final DumpNames names;
  private final boolean release;
  private final LongConsumer read;

  /**
   * @param read is told of bytes that were read
   */
  Pickup(Devcoredump dump, Path folder, CollectOptions options, LongConsumer read) {
    this.dump = dump;
    this.device = dump.device();
    this.names = DumpNames.of(folder, dump, options.clock().instant());
    this.release = options.release();
    this.read = read;
  }

  /** Does all of it; what goes wrong is told by the result. */
  CollectedDump run() {
    ReadableByteChannel in;
    try {
      in = dump.open();
    } catch (NoSuchFileException e) {
      return lostAll("it is gone");
    } catch (IOException e) {
      return failed("cannot be read: " + IoReason.of(e));
    }
    try (OutputFile out = OutputFile.create(names.name(free(), true), OUTPUT)) {
      return keep(out, copy(in, out));
    } catch (VmcoreException e) {
      return failed("can't be kept in " + names.folder() + ": " + e.reason());
    } catch (ClosedByInterruptException e) {
      return failed(IoReason.of(e));
    } finally {
      close(in);
    }
  }

  /** Closing what was only read can't lose anything. */
  private static void close(ReadableByteChannel in) {
    try {
      in.close();
    } catch (IOException e) {
      // It is read, or given up.
    }
  }

  /**
   * Copies up to the end, or as far as it can be read.
   *
   * @return what broke it off, if that isn't the end
   * @throws VmcoreException when {@code out} can't be written
   */
  private Optional<IOException> copy(ReadableByteChannel in, OutputFile out)
      throws VmcoreException, ClosedByInterruptException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    while (true) {
      int got;
      try {
        got = in.read(buffer.clear());
      } catch (ClosedByInterruptException e) {
        throw e;
      } catch (IOException e) {
        return Optional.of(e);
      }
      if (got < 0) {
        close(in);
        return Optional.empty();
      }
      if (got == 0) {
        return Optional.of(new IOException("a read gave neither bytes nor an end"));
      }
      out.write(buffer.flip());
      read.accept(got);
    }
  }

  private CollectedDump keep(OutputFile out, Optional<IOException> broken) throws VmcoreException {
    long size = out.position();
    Optional<String> why = broken.map(IoReason::of);
    if (size == 0 && broken.isPresent()) {
      return isGone(broken.get()) ? lostAll(why.get()) : failed("cannot be read: " + why.get());
    }
    DumpCheck check = DumpCheck.of(out.staged());
    Optional<String> lost = why.or(() -> cut(check, size));
    Path file = commit(out, lost.isEmpty());
    boolean released = false;
    Optional<String> problem = lost.map(each -> lostFrom(size) + each);
    if (release && lost.isEmpty()) {
      problem = release().map(each -> "is in " + file + ", and couldn't be released: " + each);
      released = problem.isEmpty();
    }
    return new CollectedDump(
        dump.name(),
        device,
        Optional.of(file),
        size,
        check.format(),
        check.findings(),
        lost.isPresent() ? OptionalLong.of(size) : OptionalLong.empty(),
        released,
        problem);
  }

  /** Whether nothing of it can be read any more: the kernel says ENODEV then. */
  private static boolean isGone(IOException e) {
    return e instanceof NoSuchFileException
        || e instanceof VmcoreException
        || "No such device".equals(e.getMessage());
  }

  /** The end of such a stream is no proof of its length, so the kernel keeps it. */
  private static Optional<String> cut(DumpCheck check, long size) {
    return check.isCut(size)
        ? Optional.of(
            "the stream ended here, and its ELF headers tell of "
                + Long.toUnsignedString(check.end().orElseThrow())
                + " bytes; it isn't released")
        : Optional.empty();
  }

  private static String lostFrom(long offset) {
    return "lost from offset " + Hex.of(offset) + ": ";
  }

  /** The first number whose names aren't taken. */
  private int free() {
    int n = 1;
    while (Files.exists(names.name(n, true), LinkOption.NOFOLLOW_LINKS)) {
      n++;
    }
    return n;
  }

  /** Gives it the first name that no file has, however many collectors look for one. */
  private Path commit(OutputFile out, boolean whole) throws VmcoreException {
    for (int n = 1; ; n++) {
      Path file = names.name(n, whole);
      try {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
          out.commitAs(file);
          return file;
        }
      } catch (VmcoreException e) {
        if (!(e.getCause() instanceof FileAlreadyExistsException)) {
          throw e;
        }
      }
    }
  }

  /** Why it couldn't be released; that another one has released it is as good. */
  private Optional<String> release() {
    try {
      dump.release();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(IoReason.of(e));
    }
    return Optional.empty();
  }

  private CollectedDump lostAll(String why) {
    return without(OptionalLong.of(0), lostFrom(0) + why);
  }

  private CollectedDump failed(String why) {
    return without(OptionalLong.empty(), why);
  }

  /** No file is made of it. */
  private CollectedDump without(OptionalLong lostFrom, String why) {
    return new CollectedDump(
        dump.name(),
        device,
        Optional.empty(),
        0,
        Optional.empty(),
        List.of(),
        lostFrom,
        false,
        Optional.of(why));
  }
}
