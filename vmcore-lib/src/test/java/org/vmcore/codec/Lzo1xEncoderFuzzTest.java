package org.vmcore.codec;

/** Any bytes as what LZO1X compresses. */
class Lzo1xEncoderFuzzTest extends EncoderFuzz {
  Lzo1xEncoderFuzzTest() {
    super(Compression.LZO1X);
  }
}
