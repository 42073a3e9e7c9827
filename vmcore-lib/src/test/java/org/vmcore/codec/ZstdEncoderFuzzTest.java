package org.vmcore.codec;

/** Any bytes as what Zstandard compresses. */
class ZstdEncoderFuzzTest extends EncoderFuzz {
  ZstdEncoderFuzzTest() {
    super(Compression.ZSTD);
  }
}
