package org.vmcore.gdb.remote;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Optional;
import org.vmcore.gdb.remote.Arguments.Malformed;

/**
 * Answers to {@code vFile} packets: one file may be read (gdb's manual, Host I/O Packets and
 * File-I/O Remote Protocol Extension).
 */
final class FileAnswers {
  private static final int ENOENT = 2;
  private static final int EIO = 5;
  private static final int EBADF = 9;
  private static final int EMFILE = 24;
  private static final int EROFS = 30;

  /** The size of the protocol's struct stat. */
  private static final int STAT = 64;

  private static final int MODE = 0100400;
  private static final int BLOCK = 512;
  private static final int MOST_OPEN = 64;

  /** The first descriptor: smaller ones look like a process's own. */
  private static final int FIRST = 3;

  private static final int MOST_READ = PacketReader.MOST / 2;

  private final Optional<ServedFile> file;
  private final BitSet open = new BitSet();

  FileAnswers(Optional<ServedFile> file) {
    this.file = file;
  }

  /** The answer to {@code vFile:OPERATION:arguments}. */
  Reply answer(Arguments packet) throws Malformed {
    try {
      return switch (packet.word(':')) {
        case "setfs" -> done(0);
        case "open" -> open(packet);
        case "fstat" -> isOpen(packet) ? stat() : failed(EBADF);
        case "pread" -> isOpen(packet) ? read(packet) : failed(EBADF);
        case "close" -> close(packet);
        case "readlink" -> failed(ENOENT);
        case "pwrite", "unlink" -> failed(EROFS);
        default -> Reply.UNKNOWN;
      };
    } catch (IOException e) {
      return failed(EIO);
    }
  }

  private static Reply done(int result) {
    return Reply.text("F" + Integer.toHexString(result));
  }

  private static Reply failed(int reason) {
    return Reply.text("F-1," + Integer.toHexString(reason));
  }

  private Reply open(Arguments packet) throws Malformed {
    String name = packet.hexText(',');
    if (packet.size(',') != 0) {
      return failed(EROFS);
    }
    if (file.isEmpty() || !file.get().name().equals(name)) {
      return failed(ENOENT);
    }
    file.get().await();
    int next = open.nextClearBit(FIRST);
    if (next >= FIRST + MOST_OPEN) {
      return failed(EMFILE);
    }
    open.set(next);
    return done(next);
  }

  private boolean isOpen(Arguments packet) throws Malformed {
    return open.get(packet.size(','));
  }

  private Reply close(Arguments packet) throws Malformed {
    int descriptor = packet.size(',');
    if (!open.get(descriptor)) {
      return failed(EBADF);
    }
    open.clear(descriptor);
    return done(0);
  }

  private Reply stat() throws IOException {
    long size = file.orElseThrow().size();
    ByteBuffer stat = ByteBuffer.allocate(STAT);
    stat.putInt(0).putInt(1).putInt(MODE).putInt(1); // device, inode, mode, links
    stat.putInt(0).putInt(0).putInt(0).putLong(size); // user, group, device
    stat.putLong(BLOCK).putLong((size + BLOCK - 1) / BLOCK);
    return Reply.binary("F" + Integer.toHexString(STAT) + ";", stat.array());
  }

  private Reply read(Arguments packet) throws Malformed, IOException {
    int most = Math.min(packet.size(','), MOST_READ);
    byte[] bytes = file.orElseThrow().read(packet.number(','), most);
    return Reply.binary("F" + Integer.toHexString(bytes.length) + ";", bytes);
  }
}
