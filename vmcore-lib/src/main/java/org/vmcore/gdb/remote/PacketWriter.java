package org.vmcore.gdb.remote;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes packets, each at once. */
final class PacketWriter {
  private final OutputStream out;
  private byte[] last = {};

  PacketWriter(OutputStream out) {
    this.out = out;
  }

  /** Says whether a packet came well. */
  void acknowledge(boolean isWell) throws IOException {
    out.write(isWell ? '+' : '-');
    out.flush();
  }

  void write(Reply reply) throws IOException {
    byte[] content = reply.content();
    byte[] packet = new byte[content.length + 4];
    int checksum = 0;
    for (int i = 0; i < content.length; i++) {
      packet[i + 1] = content[i];
      checksum += content[i];
    }
    packet[0] = '$';
    String end = String.format("#%02x", checksum & 0xff);
    System.arraycopy(end.getBytes(StandardCharsets.US_ASCII), 0, packet, content.length + 1, 3);
    last = packet;
    again();
  }

  /** Writes the last packet once more, if there was one. */
  void again() throws IOException {
    out.write(last);
    out.flush();
  }
}
