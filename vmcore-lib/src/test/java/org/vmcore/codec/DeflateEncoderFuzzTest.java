package org.vmcore.codec;

/** Any bytes as what becomes a zlib stream of level 1. */
class DeflateEncoderFuzzTest extends EncoderFuzz {
  DeflateEncoderFuzzTest() {
    super(Compression.ZLIB);
  }
}
