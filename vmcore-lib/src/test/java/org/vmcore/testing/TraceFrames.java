package org.vmcore.testing;

import java.io.ByteArrayOutputStream;

/**
 * A trace of an ETMv4 in the formatter's frames of 16 bytes.
 *
 * <p>Source: Arm's CoreSight Architecture Specification, D4.2: of the 15 bytes in front of the last
 * one those at even places have their lowest bit in it; with that bit set they are a source's ID.
 */
public final class TraceFrames {
  private static final int SIZE = 16;

  private TraceFrames() {}

  /** Packets: alignment, trace information, trace on, {@code atoms} atoms. */
  public static byte[] etm4(int traceId, int atoms) {
    ByteArrayOutputStream packets = new ByteArrayOutputStream();
    packets.writeBytes(new byte[11]);
    packets.write(0x80);
    packets.writeBytes(new byte[] {1, 1, 0, 4});
    for (int i = 0; i < atoms; i++) {
      packets.write(0xf7);
    }
    return of(traceId, packets.toByteArray());
  }

  /** {@code data} of one source; the last frame is filled with zeros. */
  private static byte[] of(int traceId, byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int done = 0; done < data.length; ) {
      byte[] frame = new byte[SIZE];
      int place = 0;
      if (done == 0) {
        frame[place++] = (byte) (traceId << 1 | 1);
      }
      for (; place < SIZE - 1; place++, done++) {
        int value = done < data.length ? data[done] & 0xff : 0;
        boolean isEven = place % 2 == 0;
        frame[place] = (byte) (isEven ? value & 0xfe : value);
        frame[SIZE - 1] |= (byte) (isEven ? (value & 1) << (place / 2) : 0);
      }
      out.writeBytes(frame);
    }
    return out.toByteArray();
  }
}
