package org.vmcore.fdt;

/** The numbers of a flattened device tree (Devicetree Specification 0.4, 5.2 and 5.4.1). */
final class DeviceTreeToken {
  static final int MAGIC = 0xd00dfeed;
  static final int VERSION = 17;
  static final int BEGIN_NODE = 1;
  static final int END_NODE = 2;
  static final int PROP = 3;
  static final int NOP = 4;
  static final int END = 9;

  private DeviceTreeToken() {}

  /** {@code n} rounded up to a multiple of a token's size. */
  static int align(int n) {
    return n + 3 & ~3;
  }
}
