package org.vmcore.codec;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.vmcore.testing.FuzzTarget;

/** Any bytes, compressed and unpacked: the same, with nothing else written, in any room. */
@Tag("slow")
abstract class EncoderFuzz extends FuzzTarget {
  private final RoundTrip roundTrip;

  EncoderFuzz(Compression compression) {
    roundTrip =
        new RoundTrip(
            Compressor.of(compression, OptionalInt.empty()), new Decompressor(), compression);
  }

  @Override
  protected final List<byte[]> seeds() throws IOException {
    List<byte[]> seeds = new ArrayList<>(Contents.ofSize(600));
    for (String name : Samples.NAMES) {
      seeds.add(Samples.raw(name));
    }
    return seeds;
  }

  @Override
  protected final void fuzz(byte[] input) throws IOException {
    try {
      roundTrip.inAnyRoom(input);
    } catch (MalformedException e) {
      throw new AssertionError("what was made is refused", e);
    }
  }
}
