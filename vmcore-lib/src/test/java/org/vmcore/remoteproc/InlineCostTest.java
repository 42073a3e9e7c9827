package org.vmcore.remoteproc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.junit.jupiter.api.Test;
import org.vmcore.testing.ChildJvm;
import org.vmcore.testing.Reading;

/** An inline dump costs its headers, however much memory the device has. */
class InlineCostTest {
  private static final long SIZE = 64L << 20;
  private static final int COUNT = 1000;

  @Test
  void a62GibDumpIsReadWith64MibOfHeap() throws IOException, InterruptedException {
    assertThat(ChildJvm.run(Reader.class))
        .containsExactly("67108920064 bytes, 56064 of them headers", "every segment's as expected");
  }

  /** Reads the start and the end of each segment, and a stream for some time. */
  static final class Reader {
    private Reader() {}

    public static void main(String[] arguments) throws Exception {
      RemoteprocCoredump.Builder core = Cores.elf64();
      for (int i = 0; i < COUNT; i++) {
        byte fill = (byte) i;
        core.segment(DumpSegment.custom(i * SIZE, SIZE, (_, _, dst) -> dst.fill(fill).byteSize()));
      }
      long before = Reading.residentBytes();
      RemoteprocCoredump coredump = core.build();
      try (CrashedDevice device = CrashedDevice.of(coredump, CoredumpMode.INLINE)) {
        PendingCoredump dump = device.dump();
        System.out.println(
            coredump.size() + " bytes, " + coredump.headerSize() + " of them headers");
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        try (ReadableByteChannel in = dump.open()) {
          for (int i = 0; i < 100_000; i++) {
            in.read(buffer.clear());
          }
        }
        for (int i = 0; i < COUNT; i++) {
          long start = coredump.headerSize() + i * SIZE;
          require(dump, start, (byte) i);
          require(dump, start + SIZE - 1, (byte) i);
        }
      }
      long cost = Reading.residentBytes() - before;
      boolean isSmall = cost < 64L << 20;
      System.out.println(isSmall ? "every segment's as expected" : "it took " + cost + " bytes");
    }

    private static void require(PendingCoredump dump, long at, byte value) throws IOException {
      byte[] one = new byte[1];
      if (dump.read(at, MemorySegment.ofArray(one)) != 1 || one[0] != value) {
        throw new AssertionError("at " + at);
      }
    }
  }
}
