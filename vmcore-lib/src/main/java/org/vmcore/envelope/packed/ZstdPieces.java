package org.vmcore.envelope.packed;

import java.io.IOException;
import java.io.InputStream;
import org.vmcore.memory.VmcoreException;

/**
 * A zstd file as a stream of which one read gives no more than one block, or what lies between
 * blocks: what came out before a damaged one has then left the decoder (RFC 8878).
 */
final class ZstdPieces extends InputStream {
  private static final int MAGIC_SIZE = 4;
  private static final int BLOCK_HEADER = 3;
  private static final int SINGLE_SEGMENT = 0x20;
  private static final int CHECKSUM = 4;
  private static final int RLE = 1;
  private static final int[] DICTIONARY_ID = {0, 1, 2, 4};

  /** How many pieces in a row may hold nothing: in a hole there is one every three bytes. */
  private static final int MOST_BARREN = 1 << 16;

  private final PackedInput in;
  private int barren;

  /** Bytes that were looked at and are still to be given. */
  private final byte[] seen = new byte[MAGIC_SIZE + 1];

  private int given;
  private int held;

  /** How many bytes of the piece follow those. */
  private long rest;

  private Next next = Next.FRAME;
  private int checksum;

  /** What follows the piece. */
  private enum Next {
    FRAME,
    BLOCK,
    CHECKSUM
  }

  ZstdPieces(PackedInput in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] dst, int offset, int length) throws IOException {
    if (given == held && rest == 0) {
      begin();
    }
    if (in.isBarren() || barren > MOST_BARREN) {
      throw new IOException("nothing comes out of so many bytes");
    }
    if (given < held) {
      int n = Math.min(length, held - given);
      System.arraycopy(seen, given, dst, offset, n);
      given += n;
      return n;
    }
    int n = in.read(dst, offset, (int) Math.min(length, rest));
    rest -= n;
    return n == 0 && length > 0 ? -1 : n;
  }

  /** Something came out of what was read. */
  void yielded() {
    barren = 0;
    in.yielded();
  }

  private void begin() throws VmcoreException {
    given = 0;
    barren++;
    switch (next) {
      case FRAME -> beginFrame();
      case BLOCK -> beginBlock();
      case CHECKSUM -> {
        held = 0;
        rest = checksum;
        next = Next.FRAME;
      }
    }
  }

  private void hold(int size) throws VmcoreException {
    for (held = 0; held < size; held++) {
      int value = in.u8();
      if (value < 0) {
        return;
      }
      seen[held] = (byte) value;
    }
  }

  private int number(int size) {
    int value = 0;
    for (int i = 0; i < size; i++) {
      value |= (seen[i] & 0xff) << (8 * i);
    }
    return value;
  }

  private void beginFrame() throws VmcoreException {
    hold(MAGIC_SIZE);
    while (held == MAGIC_SIZE && FrameMagic.isSkippable(number(MAGIC_SIZE))) {
      hold(MAGIC_SIZE);
      in.skip(number(held) & 0xffff_ffffL);
      hold(MAGIC_SIZE);
    }
    if (held < MAGIC_SIZE || number(MAGIC_SIZE) != FrameMagic.ZSTD) {
      rest = Long.MAX_VALUE; // the decoder says that it is none
      return;
    }
    int descriptor = in.u8();
    if (descriptor >= 0) {
      seen[held++] = (byte) descriptor;
    }
    boolean single = (descriptor & SINGLE_SEGMENT) != 0;
    int flag = descriptor >> 6 & 3;
    int contentSize = flag == 0 ? (single ? 1 : 0) : 1 << flag;
    rest = (single ? 0L : 1L) + DICTIONARY_ID[descriptor & 3] + contentSize;
    checksum = (descriptor & CHECKSUM) != 0 ? 4 : 0;
    next = Next.BLOCK;
  }

  private void beginBlock() throws VmcoreException {
    hold(BLOCK_HEADER);
    int header = number(held);
    rest = (header >> 1 & 3) == RLE ? 1 : header >> 3;
    if ((header & 1) != 0) {
      next = checksum > 0 ? Next.CHECKSUM : Next.FRAME;
    }
  }
}
