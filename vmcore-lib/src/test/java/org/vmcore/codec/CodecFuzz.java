package org.vmcore.codec;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.vmcore.testing.FuzzTarget;

/** Any bytes as a block of a codec: malformed, or no more than there is room for. */
@Tag("slow")
abstract class CodecFuzz extends FuzzTarget {
  private static final int MOST = 1 << 15;

  private final Decompressor decompressor = new Decompressor();
  private final Block block;
  private final List<String> codecs;

  CodecFuzz(Compression compression, String... codecs) {
    this.block = new Block(decompressor, compression);
    this.codecs = List.of(codecs);
  }

  @Override
  protected final List<byte[]> seeds() throws IOException {
    return Samples.all(codecs);
  }

  /** In all the room there is, then, when it was enough, in just as much, and in a byte less. */
  @Override
  protected final void fuzz(byte[] input) throws MalformedException {
    int size = block.exact(input, MOST).length;
    block.padded(input, size);
    if (size > 0 && takes(input, size - 1)) {
      throw new AssertionError("took " + size + " bytes in less");
    }
  }

  private boolean takes(byte[] input, int most) {
    try {
      block.padded(input, most);
      return true;
    } catch (MalformedException e) {
      return false;
    }
  }
}
