package org.vmcore.remoteproc;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.vmcore.testing.MemoryContract;

/** The image of a core, inline: mapped, unmapped, custom and empty segments. */
class CoredumpMemoryTest extends MemoryContract {
  static final byte[] TEXT = Cores.bytes(0x11, 0x1001);
  static final byte[] CUSTOM = Cores.bytes(0x33, 0x801);

  static RemoteprocCoredump core() throws IOException {
    return Cores.elf32()
        .memory(new Carveouts().add(0x10000000, MemorySegment.ofArray(TEXT)))
        .segment(DumpSegment.of(0x10000000, TEXT.length))
        .segment(DumpSegment.of(0x20000000, 0))
        .segment(DumpSegment.of(0xdead0000L, 0x14d))
        .segment(DumpSegment.custom(0x20000000, CUSTOM.length, Cores.callback(CUSTOM)))
        .segment(DumpSegment.of(0x30000000, 0))
        .build();
  }

  /** The file, put together by hand but for its headers. */
  static byte[] file(RemoteprocCoredump coredump) throws IOException {
    byte[] file = new byte[Math.toIntExact(coredump.size())];
    int at = (int) coredump.image().read(0, MemorySegment.ofArray(file).asSlice(0, 52 + 5 * 32));
    System.arraycopy(TEXT, 0, file, at, TEXT.length);
    Arrays.fill(file, at + TEXT.length, at + TEXT.length + 0x14d, (byte) 0xff);
    System.arraycopy(CUSTOM, 0, file, at + TEXT.length + 0x14d, CUSTOM.length);
    return file;
  }

  @Override
  protected Subject open() throws IOException {
    RemoteprocCoredump coredump = core();
    return new Subject(coredump.image(), List.of(Part.present(0, file(coredump))), () -> {});
  }
}
