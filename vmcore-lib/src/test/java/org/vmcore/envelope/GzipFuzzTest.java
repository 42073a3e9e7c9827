package org.vmcore.envelope;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.FuzzTarget;
import org.vmcore.testing.Packed;

/** Any bytes as what follows a gzip file's magic number. */
class GzipFuzzTest extends FuzzTarget {
  private static final byte[] MAGIC = {0x1f, (byte) 0x8b};
  private static final int MOST = 1 << 20;

  @Override
  protected List<byte[]> seeds() {
    byte[] member = Packed.gzip("some text, some text".getBytes(US_ASCII));
    return List.of(
        behindMagic(member),
        behindMagic(Packed.join(member, Packed.gzip(new byte[5000]))),
        behindMagic(Packed.gzip(member)));
  }

  private static byte[] behindMagic(byte[] gzip) {
    return Arrays.copyOfRange(gzip, MAGIC.length, gzip.length);
  }

  @Override
  protected void fuzz(byte[] input) throws VmcoreException {
    try (ByteSource source = FuzzedFile.open(Packed.join(MAGIC, input), MOST, new ArrayList<>())) {
      MemorySegment all = MemorySegment.ofArray(new byte[MOST]);
      if (source.read(0, all) != source.available(0, MOST)) {
        throw new AssertionError("length");
      }
    }
  }
}
