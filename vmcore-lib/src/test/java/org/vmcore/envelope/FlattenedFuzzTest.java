package org.vmcore.envelope;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.Flattened;
import org.vmcore.testing.FuzzTarget;

/** Reads bytes as the records of a flattened file, and compares with a plain model of it. */
class FlattenedFuzzTest extends FuzzTarget {
  /** The model looks at every record for every byte. */
  private static final int MOST_INPUT = 1 << 14;

  private static final long LARGEST = 1L << 56;

  @Override
  protected List<byte[]> seeds() throws IOException {
    return seedFiles();
  }

  /**
   * @param input what follows a good header
   */
  @Override
  protected void fuzz(byte[] input) throws VmcoreException {
    byte[] bytes = Arrays.copyOf(input, Math.min(input.length, MOST_INPUT));
    byte[] file = new Flattened().raw(bytes).cut();
    Model model = new Model(file);
    List<Finding> findings = new ArrayList<>();
    try (ByteSource source = FuzzedFile.open(file, findings)) {
      if (source.envelopes().size() == 1) {
        require(findings.isEmpty() == model.whole, "findings: " + findings);
        require(source.size() == model.size(), "size: " + source.size());
        for (long position : model.places()) {
          check(source, position, model);
        }
      }
    } catch (VmcoreException e) {
      require(e.getMessage().lines().count() == 1, "no clear line: " + e.getMessage());
      require(model.records.isEmpty() || model.isWrapped(), "refused: " + e.getMessage());
      throw e;
    }
  }

  private static void check(ByteSource source, long position, Model model) throws VmcoreException {
    byte[] got = new byte[1];
    long n = source.read(position, MemorySegment.ofArray(got));
    int expected = model.byteAt(position);
    require(n == (expected < 0 ? 0 : 1), "length at " + position);
    require(n == source.available(position, 1), "available at " + position);
    require(n == 1 - source.lost(position, 1), "lost at " + position);
    require(expected < 0 || got[0] == (byte) expected, "byte at " + position);
    ByteSource.Span span = source.spanAt(position);
    require(span.start() <= position && position < span.end(), "span at " + position);
    require(span.isThere() == (n == 1), "span's state at " + position);
    require(source.spanAt(span.start()).equals(span), "span's start at " + position);
    require(source.spanAt(span.end() - 1).equals(span), "span's end at " + position);
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError(what);
    }
  }

  /** The records in the order of the file; the last one that has a byte wins. */
  private static final class Model {
    private record Piece(long target, long size, int file) {}

    private final byte[] file;
    private final List<Piece> records = new ArrayList<>();
    private boolean whole;

    Model(byte[] file) {
      this.file = file;
      ByteBuffer in = ByteBuffer.wrap(file).position(Flattened.HEADER_SIZE);
      while (in.remaining() >= 16) {
        long target = in.getLong();
        long size = in.getLong();
        if (target == -1 && size == -1) {
          whole = true;
          return;
        }
        if (target < 0 || size < 0 || size > LARGEST - target || size > in.remaining()) {
          return;
        }
        if (size > 0) {
          records.add(new Piece(target, size, in.position()));
        }
        in.position(in.position() + (int) size);
      }
    }

    long size() {
      return records.stream().mapToLong(each -> each.target + each.size).max().orElse(0);
    }

    /** Its first bytes may be those of another envelope, of whatever kind. */
    boolean isWrapped() {
      int first = byteAt(0);
      return first == 0x1f || first == 0x28 || (first & 0xf0) == 0x50 || first == 'm';
    }

    /** -1 where there is none. */
    int byteAt(long position) {
      for (Piece each : records.reversed()) {
        if (position >= each.target && position - each.target < each.size) {
          return file[each.file + (int) (position - each.target)] & 0xff;
        }
      }
      return whole && position < size() ? 0 : -1;
    }

    /** Every start and end, and what is next to it. */
    Set<Long> places() {
      Set<Long> places = new TreeSet<>();
      for (Piece each : records) {
        for (int near = -1; near <= 1; near++) {
          places.add(Math.max(0, each.target + near));
          places.add(each.target + each.size + near);
        }
      }
      return places;
    }
  }
}
