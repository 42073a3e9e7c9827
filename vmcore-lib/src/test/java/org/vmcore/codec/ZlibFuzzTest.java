package org.vmcore.codec;

/** Any bytes as a zlib stream. */
class ZlibFuzzTest extends CodecFuzz {
  ZlibFuzzTest() {
    super(Compression.ZLIB, "zlib1", "zlib9");
  }
}
