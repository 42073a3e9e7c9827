package org.vmcore.codec;

/** Any bytes as a Snappy block. */
class SnappyFuzzTest extends CodecFuzz {
  SnappyFuzzTest() {
    super(Compression.SNAPPY, "snappy");
  }
}
