package org.vmcore.envelope;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.FuzzTarget;
import org.vmcore.testing.Packed;

/** Reads bytes as what follows a zstd file's first frame: more of them, and a seek table. */
class ZstdSeekTableFuzzTest extends FuzzTarget {
  private static final byte[] FIRST = HexFormat.of().parseHex("28b52ffd20084100000102030405060708");
  private static final int MOST_READ = 1 << 16;

  @Override
  protected List<byte[]> seeds() throws IOException {
    return seedFiles();
  }

  /**
   * @param input what follows the first frame
   */
  @Override
  protected void fuzz(byte[] input) throws VmcoreException {
    List<Finding> findings = new ArrayList<>();
    try (ByteSource source = FuzzedFile.open(Packed.join(FIRST, input), findings)) {
      for (long at : new long[] {0, 7, 8, source.size() / 2, source.size() - 1, source.size()}) {
        read(source, at);
      }
    } catch (VmcoreException e) {
      require(e.getMessage().lines().count() == 1, "no clear line: " + e.getMessage());
      throw e;
    }
  }

  private static void read(ByteSource source, long at) throws VmcoreException {
    byte[] all = new byte[MOST_READ];
    int got = (int) source.read(at, MemorySegment.ofArray(all));
    require(got == source.available(at, MOST_READ), "length at " + at);
    byte[] again = new byte[got / 2 + 1];
    int n = (int) source.read(at, MemorySegment.ofArray(again));
    require(Arrays.equals(all, 0, n, again, 0, n), "bytes at " + at);
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError(what);
    }
  }
}
