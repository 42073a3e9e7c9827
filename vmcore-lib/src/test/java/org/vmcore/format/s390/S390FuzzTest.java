package org.vmcore.format.s390;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.search.KeptInfo;
import org.vmcore.search.VmcoreInfoSearch.VmcoreInfoNote;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.FuzzTarget;
import org.vmcore.testing.S390DumpBuilder;

/** Any bytes as a stand-alone dump of s390. */
class S390FuzzTest extends FuzzTarget {
  private static final FileSystem FILES = Jimfs.newFileSystem(Configuration.unix());
  private static final int MOST_EXTENTS = 64;

  @Override
  protected List<byte[]> seeds() {
    byte[] memory = DumpBuilder.pattern(0, 0x4000);
    return List.of(
        new S390DumpBuilder(memory).cpu(0x2000).build(),
        new S390DumpBuilder(memory).segment(0x1000, 0x1000).segment(0x3000, 0x1000).build());
  }

  @Override
  protected void fuzz(byte[] input) throws IOException {
    try (ByteSource file = ByteSource.open(Files.write(FILES.getPath("s390"), input))) {
      S390Header header = S390Header.read(file);
      Memory memory = S390Memory.of(file, header, new ArrayList<>());
      S390Notes.of(
          header, memory, KeptInfo.of(memory, "s390").map(VmcoreInfoNote::info), new ArrayList<>());
      long at = 0;
      for (int i = 0; i < MOST_EXTENTS && at != header.memSize(); i++) {
        Extent extent = memory.extentAt(at);
        check(memory, at, extent);
        at = extent.end();
      }
    }
  }

  /** What can be read is what is said to be present. */
  private static void check(Memory memory, long at, Extent extent) throws VmcoreException {
    long got = memory.read(at, MemorySegment.ofArray(new byte[1]));
    if (!extent.contains(at) || (got == 1) != extent.isPresent()) {
      throw new AssertionError("0x" + Long.toHexString(at) + ": " + extent + ", " + got);
    }
  }
}
