package org.vmcore.gdb.remote;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads packets, {@code $CONTENT#CHECKSUM}. Bytes between them are passed over: acknowledgments,
 * interrupts of a kernel that doesn't run, noise.
 */
final class PacketReader {
  /** The most bytes of a packet's content. */
  static final int MOST = 1 << 17;

  private static final int GONE = -1;
  private static final int BUFFER = 1 << 13;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private int position;
  private int filled;
  private byte[] content = new byte[1 << 10];
  private int length;
  private int checksum;

  PacketReader(InputStream in) {
    this.in = in;
  }

  /** The next thing of interest; waits for it. */
  Incoming next() throws IOException {
    while (true) {
      switch (read()) {
        case GONE -> {
          return new Incoming.Gone();
        }
        case '-' -> {
          return new Incoming.Again();
        }
        case '$' -> {
          return packet();
        }
        default -> {}
      }
    }
  }

  private Incoming packet() throws IOException {
    begin();
    boolean isEscaped = false;
    while (true) {
      int read = read();
      switch (read) {
        case GONE -> {
          return new Incoming.Gone();
        }
        case '$' -> { // the packet in front of it never ended
          begin();
          isEscaped = false;
        }
        case '#' -> {
          return end();
        }
        default -> {
          checksum += read;
          if (!isEscaped && read == '}') {
            isEscaped = true;
          } else {
            add(isEscaped ? read ^ 0x20 : read);
            isEscaped = false;
          }
        }
      }
    }
  }

  private void begin() {
    length = 0;
    checksum = 0;
  }

  /** Adds a byte; of a packet that is too long only its length matters. */
  private void add(int value) {
    if (length < MOST) {
      if (length == content.length) {
        content = Arrays.copyOf(content, 2 * length);
      }
      content[length] = (byte) value;
    }
    length = Math.min(length + 1, MOST + 1);
  }

  private Incoming end() throws IOException {
    int high = read();
    int low = high == GONE ? GONE : read();
    if (low == GONE) {
      return new Incoming.Gone();
    }
    int told = Character.digit(high, 16) << 4 | Character.digit(low, 16);
    return told == (checksum & 0xff) && length <= MOST
        ? new Incoming.Packet(Arrays.copyOf(content, length))
        : new Incoming.Damaged();
  }

  private int read() throws IOException {
    if (position == filled) {
      position = 0;
      filled = Math.max(in.read(buffer), 0);
      if (filled == 0) {
        return GONE;
      }
    }
    return buffer[position++] & 0xff;
  }
}
