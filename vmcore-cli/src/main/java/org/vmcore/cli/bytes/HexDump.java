package org.vmcore.cli.bytes;

import java.nio.ByteOrder;
import org.vmcore.cli.output.TextOut;
import org.vmcore.memory.Extent;

/**
 * Lines of 16 bytes with the address of the first: single bytes with their characters, or numbers.
 * A byte that can't be read is {@code ??}, and so is a number with such a byte.
 */
public final class HexDump implements MemoryWalk.Visitor {
  private static final int WIDTH = 16;

  private final TextOut out;
  private final int digits;
  private final ReadFormat format;
  private final boolean bigEndian;
  private final byte[] block;
  private final byte[] bytes = new byte[WIDTH];
  private final boolean[] known = new boolean[WIDTH];
  private long address;
  private int filled;

  /** The lines from {@code address} to {@code last} of what the walk leaves in {@code block}. */
  public HexDump(
      TextOut out, byte[] block, long address, long last, ReadFormat format, ByteOrder order) {
    this.out = out;
    this.block = block;
    this.address = address;
    this.digits = TextOut.hexDigits(last);
    this.format = format;
    this.bigEndian = order == ByteOrder.BIG_ENDIAN;
  }

  @Override
  public void bytes(int size) {
    for (int i = 0; i < size; i++) {
      add(block[i], true);
    }
  }

  @Override
  public boolean missing(Extent extent) {
    for (long i = 0; i < extent.size(); i++) {
      add((byte) 0, false);
    }
    return true;
  }

  private void add(byte value, boolean readable) {
    bytes[filled] = value;
    known[filled++] = readable;
    if (filled == WIDTH) {
      line();
    }
  }

  /** Writes the last line. */
  public void finish() {
    if (filled > 0) {
      line();
    }
  }

  private void line() {
    out.put('0').put('x').digits(address, digits);
    if (format == ReadFormat.HEX) {
      byteColumns();
      characters();
    } else {
      numbers();
    }
    out.line();
    address += filled;
    filled = 0;
  }

  private void byteColumns() {
    for (int i = 0; i < WIDTH; i++) {
      out.spaces(i % 8 == 0 ? 2 : 1);
      if (i >= filled) {
        out.spaces(2);
      } else if (known[i]) {
        out.digits(bytes[i], 2);
      } else {
        out.put('?').put('?');
      }
    }
  }

  private void characters() {
    out.spaces(2).put('|');
    for (int i = 0; i < filled; i++) {
      boolean printable = bytes[i] >= 0x20 && bytes[i] < 0x7f;
      out.put(!known[i] ? ' ' : printable ? (char) bytes[i] : '.');
    }
    out.put('|');
  }

  private void numbers() {
    int unit = format.unit();
    out.put(' ');
    for (int at = 0; at < filled; at += unit) {
      out.put(' ');
      if (isKnown(at, unit)) {
        out.put('0').put('x').digits(number(at, unit), 2 * unit);
      } else {
        out.spaces(2 * unit).put('?').put('?');
      }
    }
  }

  private boolean isKnown(int at, int unit) {
    for (int i = at; i < at + unit; i++) {
      if (i >= filled || !known[i]) {
        return false;
      }
    }
    return true;
  }

  private long number(int at, int unit) {
    long value = 0;
    for (int i = 0; i < unit; i++) {
      value = (value << 8) | (bytes[bigEndian ? at + i : at + unit - 1 - i] & 0xff);
    }
    return value;
  }
}
