package org.vmcore.codec;

/** Any bytes as what Snappy compresses. */
class SnappyEncoderFuzzTest extends EncoderFuzz {
  SnappyEncoderFuzzTest() {
    super(Compression.SNAPPY);
  }
}
