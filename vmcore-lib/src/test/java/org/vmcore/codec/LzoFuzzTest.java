package org.vmcore.codec;

/** Any bytes as an LZO1X stream. */
class LzoFuzzTest extends CodecFuzz {
  LzoFuzzTest() {
    super(Compression.LZO1X, "lzo1x_1_15", "lzo1x_999");
  }
}
