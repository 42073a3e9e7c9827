package org.vmcore.codec;

/** Any bytes as Zstandard frames. */
class ZstdFuzzTest extends CodecFuzz {
  ZstdFuzzTest() {
    super(Compression.ZSTD, "zstd1", "zstd19");
  }
}
