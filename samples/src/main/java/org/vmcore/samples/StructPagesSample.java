package org.vmcore.samples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.convert.Conversion;
import org.vmcore.convert.ConversionOptions;
import org.vmcore.convert.PageCompression;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.StructPagesKernel;
import org.vmcore.testing.StructPagesKernel.Generation;

/**
 * A dump of a kernel that tells what its pages are for: 2048 are free, 600 are page cache, 100 of
 * these a file system's own, 300 are processes', 8 offline; the rest the kernel has. All but the
 * kernel's 2 MiB are zeros.
 */
final class StructPagesSample {
  static final String NAME = "struct-pages.kdump";

  private static final int MAX_ORDER = 10;
  private static final int PG_PRIVATE = 13;

  private StructPagesSample() {}

  static void writeTo(Path file) throws IOException {
    Path whole = Files.createTempFile("struct-pages", ".vmcore");
    try {
      dump().writeTo(whole);
      ConversionOptions options =
          ConversionOptions.builder().compression(PageCompression.LZO).force(true).build();
      try (Vmcore vmcore = Vmcore.open(whole)) {
        Conversion.of(vmcore, options).write(List.of(file));
      }
    } finally {
      Files.delete(whole);
    }
  }

  private static DumpBuilder dump() {
    StructPagesKernel kernel = new StructPagesKernel(Generation.V6_12);
    kernel.info("SYMBOL(_stext)=" + Long.toHexString(StructPagesKernel.BASE));
    kernel.info("NUMBER(phys_base)=0", "KERNELOFFSET=0");
    long pfn = StructPagesKernel.FIRST;
    for (int block = 0; block < 2; block++) {
      kernel.free(pfn, MAX_ORDER);
      pfn += 1 << MAX_ORDER;
    }
    for (int i = 0; i < 600; i++, pfn++) {
      kernel.cache(pfn);
      if (i % 6 == 0) {
        kernel.flags(pfn, PG_PRIVATE);
      }
    }
    for (int i = 0; i < 300; i++, pfn++) {
      kernel.anonymous(pfn);
    }
    for (int i = 0; i < 8; i++, pfn++) {
      kernel.offline(pfn);
    }
    return kernel.dump();
  }
}
