package org.vmcore.envelope.packed;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.vmcore.codec.ZstdLibrary;
import org.vmcore.io.ByteSource;
import org.vmcore.io.Cursor;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/** How a file is compressed as a whole. */
public enum Packing {
  /** Members of RFC 1952. */
  GZIP(GzipUnpacker.NAME),
  /** Streams of RFC 1950. */
  ZLIB(ZlibUnpacker.NAME),
  /** Frames of RFC 8878. */
  ZSTD(ZstdUnpacker.NAME),
  /** Streams of xz-file-format.txt. */
  XZ("xz"),
  /** Streams of bzip2. */
  BZIP2("bzip2"),
  /** Frames of lz4_Frame_format.md. */
  LZ4("lz4");

  private static final byte[] XZ_MAGIC = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0};

  /** What each block of bzip2 begins with, and the end of a stream without blocks. */
  private static final byte[] BZIP2_BLOCK = {0x31, 0x41, 0x59, 0x26, 0x53, 0x59};

  private static final byte[] BZIP2_END = {0x17, 0x72, 0x45, 0x38, 0x50, (byte) 0x90};

  /** The most skippable frames before a file's first one. */
  private static final int MOST_SKIPPED = 16;

  private static final int START = 10;

  private final String label;

  Packing(String label) {
    this.label = label;
  }

  /** The envelope's name: {@code gzip}. */
  public String label() {
    return label;
  }

  /** How {@code file} is compressed, by its first bytes; empty when it isn't. */
  public static Optional<Packing> of(ByteSource file) throws VmcoreException {
    byte[] start = new byte[START];
    int got = (int) file.readPresent(0, MemorySegment.ofArray(start));
    int first = start[0] & 0xff;
    int second = start[1] & 0xff;
    if (got < 2) {
      return Optional.empty();
    }
    if ((first << 8 | second) == GzipUnpacker.MAGIC) {
      return Optional.of(GZIP);
    }
    if (ZlibUnpacker.isHeader(first, second)) {
      return ZlibUnpacker.isZlib(file) ? Optional.of(ZLIB) : Optional.empty();
    }
    if (got >= XZ_MAGIC.length && has(start, 0, XZ_MAGIC)) {
      return Optional.of(XZ);
    }
    return isBzip2(start) ? Optional.of(BZIP2) : byFrames(file);
  }

  private static boolean has(byte[] start, int at, byte[] magic) {
    return Arrays.equals(start, at, at + magic.length, magic, 0, magic.length);
  }

  /** {@code BZh}, the size of blocks as a digit from 1 on, a block. */
  private static boolean isBzip2(byte[] start) {
    return has(start, 0, new byte[] {'B', 'Z', 'h'})
        && start[3] >= '1'
        && start[3] <= '9'
        && (has(start, 4, BZIP2_BLOCK) || has(start, 4, BZIP2_END));
  }

  private static Optional<Packing> byFrames(ByteSource file) throws VmcoreException {
    return switch (frameMagic(file)) {
      case FrameMagic.ZSTD -> Optional.of(ZSTD);
      case FrameMagic.LZ4 -> Optional.of(LZ4);
      case FrameMagic.LZ4_LEGACY ->
          throw VmcoreException.at(
              file.name(),
              0,
              "lz4: its legacy format (lz4 -l) can't be read: unpack it with lz4 -d");
      default -> Optional.empty();
    };
  }

  /** The magic number behind skippable frames, which zstd and lz4 have alike; 0 for none. */
  private static int frameMagic(ByteSource file) throws VmcoreException {
    long at = 0;
    for (int i = 0; i <= MOST_SKIPPED; i++) {
      MemorySegment start = MemorySegment.ofArray(new byte[8]);
      long got = file.readPresent(at, start);
      Cursor in = Cursor.of(file.name(), at, start.asSlice(0, got), ByteOrder.LITTLE_ENDIAN);
      int magic = got < 4 ? 0 : in.s32("Magic_Number");
      if (got < 8 || !FrameMagic.isSkippable(magic)) {
        return magic;
      }
      at += 8 + in.u32("Frame_Size");
    }
    return 0;
  }

  /**
   * What unpacks {@code file}.
   *
   * @param findings where it is told that the file is damaged
   * @throws VmcoreException when what it takes can't be had
   */
  public Unpacker unpacker(ByteSource file, List<Finding> findings) throws VmcoreException {
    return switch (this) {
      case GZIP -> new GzipUnpacker(file, findings);
      case ZLIB -> new ZlibUnpacker(file, findings);
      case ZSTD -> {
        ZstdLibrary.require(file.name());
        yield ZstdUnpacker.of(file, findings);
      }
      case XZ ->
          new StreamUnpacker(
              label, 0xfd, packed -> XzStream.open(file.name(), packed), file, findings);
      case BZIP2 -> new StreamUnpacker(label, 'B', Bzip2Stream::open, file, findings);
      case LZ4 -> new StreamUnpacker(label, firstByte(file), Lz4Frames::open, file, findings);
    };
  }

  private static int firstByte(ByteSource file) throws VmcoreException {
    byte[] first = new byte[1];
    file.read(0, MemorySegment.ofArray(first));
    return first[0] & 0xff;
  }
}
