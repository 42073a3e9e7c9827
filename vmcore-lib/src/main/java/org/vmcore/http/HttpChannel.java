package org.vmcore.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.Optional;

/**
 * A file on a web server, read by ranges: each read asks for just the bytes that it wants. The file
 * must stay what it was when it was opened. What fails for good fails at once from then on.
 */
final class HttpChannel implements SeekableByteChannel {
  /** What opening a file asks for: its headers are read next. */
  static final int FIRST = 1 << 18;

  private static final int MOST = 1 << 24;

  private final HttpReader reader;
  private final HttpRange file;
  private byte[] first;
  private Optional<HttpFailure> failure = Optional.empty();
  private long position;
  private boolean isClosed;

  private HttpChannel(HttpReader reader, HttpReader.Part first) {
    this.reader = reader;
    this.file = first.range();
    this.first = first.bytes();
  }

  /**
   * Opens the file at {@code location}; empty where its server sends whole files alone.
   *
   * @throws HttpFailure when it can't be had
   */
  static Optional<HttpChannel> open(HttpLocation location, HttpTiming timing) throws HttpFailure {
    HttpReader reader = new HttpReader(location, timing);
    boolean opened = false;
    try {
      Optional<HttpReader.Part> first = reader.read(0, FIRST, Optional.empty());
      opened = first.isPresent();
      return first.map(part -> new HttpChannel(reader, part));
    } finally {
      if (!opened) {
        reader.close();
      }
    }
  }

  @Override
  public synchronized int read(ByteBuffer dst) throws IOException {
    requireOpen();
    long left = file.total() - position;
    if (left <= 0) {
      return -1;
    }
    int length = (int) Math.min(Math.min(left, MOST), dst.remaining());
    if (length == 0) {
      return 0;
    }
    int inFirst = (int) Math.min(length, first.length - position);
    if (inFirst > 0) {
      dst.put(first, (int) position, inFirst);
      position += inFirst;
      return inFirst;
    }
    first = new byte[0]; // whoever reads on keeps what he has
    byte[] bytes = fetch(length);
    dst.put(bytes);
    position += bytes.length;
    return bytes.length;
  }

  /** The first of {@code length} bytes: a server may send fewer. */
  private byte[] fetch(int length) throws HttpFailure {
    if (failure.isPresent()) {
      throw failure.get();
    }
    try {
      Optional<HttpReader.Part> part = reader.read(position, length, file.version());
      if (part.isEmpty() || part.get().bytes().length == 0 || !isSame(part.get().range())) {
        throw new HttpFailure("the file changed on the server while it was read");
      }
      return part.get().bytes();
    } catch (HttpFailure e) {
      failure = Optional.of(e);
      throw e;
    }
  }

  private boolean isSame(HttpRange other) {
    return other.total() == file.total()
        && (file.version().isEmpty() || other.version().equals(file.version()));
  }

  private void requireOpen() throws ClosedChannelException {
    if (isClosed) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public synchronized long position() throws ClosedChannelException {
    requireOpen();
    return position;
  }

  @Override
  public synchronized SeekableByteChannel position(long to) throws ClosedChannelException {
    requireOpen();
    if (to < 0) {
      throw new IllegalArgumentException("negative");
    }
    position = to;
    return this;
  }

  @Override
  public synchronized long size() throws ClosedChannelException {
    requireOpen();
    return file.total();
  }

  @Override
  public synchronized boolean isOpen() {
    return !isClosed;
  }

  @Override
  public int write(ByteBuffer src) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new NonWritableChannelException();
  }

  /** Closes it. Reads under way fail. */
  @Override
  public void close() {
    reader.close();
    synchronized (this) {
      isClosed = true;
    }
  }
}
