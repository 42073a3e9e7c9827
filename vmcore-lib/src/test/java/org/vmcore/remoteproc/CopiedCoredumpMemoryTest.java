package org.vmcore.remoteproc;

import java.io.IOException;
import java.util.List;
import org.vmcore.testing.MemoryContract;

/** A dump that was copied. */
class CopiedCoredumpMemoryTest extends MemoryContract {
  @Override
  protected Subject open() throws IOException {
    RemoteprocCoredump coredump = CoredumpMemoryTest.core();
    try {
      CrashedDevice device = CrashedDevice.of(coredump, CoredumpMode.ENABLED);
      return new Subject(
          device.dump(), List.of(Part.present(0, CoredumpMemoryTest.file(coredump))), device);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
