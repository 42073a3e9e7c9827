package org.vmcore.kernel.log;

import java.io.ByteArrayOutputStream;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.StructLayout;
import org.vmcore.memory.Extent;
import org.vmcore.memory.VmcoreException;

/**
 * The log of kernels before 3.5: lines, as text, in a buffer that is written around. log_end counts
 * all characters ever written; what is older than the buffer's size is overwritten.
 *
 * <p>What {@code dmesg -c} cleared is shown, too, so logged_chars isn't asked: so does
 * vmcore-dmesg. Sources: kernel/printk.c of 2.6.32, {@code emit_log_char}; kexec-tools,
 * util_lib/elf_info.c.
 */
final class CharacterRing {
  private static final int MAX_SIZE = 1 << 30;
  private static final int PIECE = 1 << 16;

  /** A longer line is more than one record. */
  private static final int LONGEST = 1 << 16;

  private final KernelReader in;
  private final Consumer<LogRecord> out;
  private final LogGaps gaps;
  private final long buffer;
  private final long size;
  private final long end;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private boolean isContinued;

  private CharacterRing(KernelReader in, StructLayout layout, Consumer<LogRecord> out, LogGaps gaps)
      throws VmcoreException {
    this.in = in;
    this.out = out;
    this.gaps = gaps;
    buffer = in.word(layout.symbol("log_buf"), "log_buf");
    size = in.u32(layout.symbol("log_buf_len"), "log_buf_len");
    end = in.u32(layout.symbol("log_end"), "log_end");
    if (size < 1 || size > MAX_SIZE) {
      long address = layout.symbol("log_buf_len");
      throw in.fault(address, "log_buf_len", size + ": not from 1 to " + MAX_SIZE);
    }
  }

  static void read(KernelReader in, StructLayout layout, Consumer<LogRecord> out, LogGaps gaps)
      throws VmcoreException {
    new CharacterRing(in, layout, out, gaps).read();
  }

  private void read() throws VmcoreException {
    if (end < size) {
      part(0, end);
    } else {
      part(end % size, size);
      part(0, end % size);
    }
    lineEnds(false);
  }

  /** The characters at {@code from} to before {@code to} of the buffer. */
  private void part(long from, long to) throws VmcoreException {
    for (long at = from; at < to; ) {
      int wanted = (int) Math.min(PIECE, to - at);
      byte[] piece = in.upTo(buffer + at, wanted);
      add(piece);
      at += piece.length;
      if (piece.length < wanted) {
        at += Math.min(to - at, missing(buffer + at));
      }
    }
  }

  /** How many bytes from {@code address} on can't be had; the line they are in ends there. */
  private long missing(long address) throws VmcoreException {
    lineEnds(false);
    gaps.unreadable(address, "log_buf");
    Extent extent = in.memory().extentAt(address);
    return extent.isPresent() ? 1 : Math.max(1, extent.sizeFrom(address) & Long.MAX_VALUE);
  }

  private void add(byte[] piece) {
    int start = 0;
    for (int i = 0; i < piece.length; i++) {
      if (piece[i] == 0 && start == i && line.size() == 0) {
        start++; // never written
        continue;
      }
      boolean isLong = line.size() + i - start == LONGEST - 1;
      if (piece[i] == '\n' || isLong) {
        line.write(piece, start, i + 1 - start);
        start = i + 1;
        lineEnds(piece[i] != '\n');
      }
    }
    line.write(piece, start, piece.length - start);
  }

  /** Tells of the line so far, if there is one. */
  private void lineEnds(boolean goesOn) {
    if (line.size() > 0) {
      LogRecord entry = PlainLine.record(line.toByteArray(), isContinued);
      line.reset();
      if (entry.isTimed()) {
        gaps.in(OptionalLong.empty(), entry.nanoseconds());
        gaps.behind();
      }
      out.accept(entry);
    }
    isContinued = goesOn;
  }
}
