package org.vmcore.convert.filter;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.vmcore.Vmcore;
import org.vmcore.convert.level.DumpLevel;
import org.vmcore.convert.level.PageTally;
import org.vmcore.convert.pages.PfnBitmap;
import org.vmcore.kernel.Kernel;
import org.vmcore.testing.FuzzTarget;
import org.vmcore.testing.StructPagesKernel;
import org.vmcore.testing.StructPagesKernel.Generation;

/**
 * Any words in VMCOREINFO, mem_section and struct pages. The input's records are four bytes, a file
 * offset from the start or, with the highest bit set, from the end, and eight of a value.
 */
@Tag("slow")
class PageFilterFuzzTest extends FuzzTarget {
  private static final FileSystem FILES = Jimfs.newFileSystem(Configuration.unix());
  private static final int WORD = 12;
  private static final byte[] DUMP = dump();

  private static byte[] dump() {
    try {
      Path file = FILES.getPath("dump");
      new StructPagesKernel(Generation.V6_12)
          .info("NUMBER(PG_hwpoison)=22")
          .cache(StructPagesKernel.FIRST + 3)
          .free(StructPagesKernel.FIRST + 8, 3)
          .hugetlb(StructPagesKernel.FIRST + 1024, 9)
          .dump()
          .writeTo(file);
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected List<byte[]> seeds() {
    int memory = 2 << 20;
    return List.of(
        new byte[0],
        word(1 << 31 | memory - 0x1000, -1),
        word(1 << 31 | memory - 0x2100, 3),
        word(1 << 31 | memory - 0x10_0000, 1L << 16 | 1 << 4),
        word(1 << 31 | memory - 0x10_0040, 18));
  }

  private static byte[] word(int head, long value) {
    ByteBuffer out = ByteBuffer.allocate(WORD).order(ByteOrder.LITTLE_ENDIAN);
    return out.putInt(head).putLong(value).array();
  }

  @Override
  protected void fuzz(byte[] input) throws IOException {
    byte[] bytes = DUMP.clone();
    ByteBuffer in = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (in.remaining() >= WORD) {
      int head = in.getInt();
      int from = (head & Integer.MAX_VALUE) % (bytes.length - Long.BYTES);
      out.putLong(head < 0 ? bytes.length - Long.BYTES - from : from, in.getLong());
    }
    Path file = Files.write(FILES.getPath("mutated"), bytes);
    try (Vmcore vmcore = Vmcore.open(file);
        PfnBitmap kept = FilterCase.present(vmcore)) {
      long before = kept.count();
      Kernel kernel = Kernel.of(vmcore);
      PageTally left = PageFilter.of(vmcore, kernel, new DumpLevel(31), 2).apply(kept);
      if (before - kept.count() != left.total()) {
        throw new AssertionError(before + " - " + kept.count() + " != " + left.total());
      }
    }
  }
}
