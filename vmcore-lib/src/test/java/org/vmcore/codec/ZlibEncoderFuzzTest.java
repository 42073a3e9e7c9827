package org.vmcore.codec;

/** Any bytes as what zlib compresses. */
class ZlibEncoderFuzzTest extends EncoderFuzz {
  ZlibEncoderFuzzTest() {
    super(Compression.ZLIB);
  }
}
