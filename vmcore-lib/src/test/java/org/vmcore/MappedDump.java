package org.vmcore;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Mapping;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.DumpBuilder;

/** Dumps that are mapped, and what their mappings hold. */
abstract class MappedDump {
  @TempDir Path dir;

  Vmcore open(DumpBuilder dump) throws IOException {
    return Vmcore.open(dump.writeTo(dir.resolve("dump")));
  }

  /** As a crash kernel saves it: everything on page boundaries of the file. */
  static DumpBuilder saved() {
    return DumpBuilder.elf64().prstatus(1, 11).load(0x10000, 0x4000).load(0x20400, 0x2c10);
  }

  /** Present, excluded and lost bytes, aligned and not. */
  static DumpBuilder mixed() {
    return DumpBuilder.elf64()
        .prstatus(1, 11)
        .load(0x10000, 0x2000)
        .memsz(0x4000)
        .load(0x20400, 0x2c10)
        .excluded(0x30000, 0x2800)
        .load(0x40010, 0x20)
        .load(0x50000, 0x2345)
        .load(0x60000, 0x3000)
        .truncateAt(0xf800);
  }

  /** What reading gives, and zeros where nothing can be read. */
  static byte[] expected(Vmcore vmcore, long offset, int size) throws VmcoreException {
    byte[] bytes = new byte[size];
    for (int done = 0; done < size; ) {
      Extent extent = vmcore.extentAt(offset + done).clip(offset + done, size - done);
      vmcore.read(offset + done, MemorySegment.ofArray(bytes).asSlice(done, extent.size()));
      done += (int) extent.size();
    }
    return bytes;
  }

  static byte[] bytes(Mapping mapping) {
    return mapping.bytes().toArray(ValueLayout.JAVA_BYTE);
  }
}
