package org.vmcore.kernel.log;

import org.vmcore.testing.PrintkRingBytes;

/** A dump whose log is a lockless ring. */
abstract class PrintkRings extends LogTest {
  PrintkRingBytes ring() {
    return new PrintkRingBytes(dump, 4, 10, 0);
  }
}
