package org.vmcore.format.kdump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.codec.Compression;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.KdumpBuilder;

/** A small kdump-compressed dump to be damaged. */
abstract class SmallKdump {
  @TempDir Path dir;

  static KdumpBuilder small() {
    return KdumpBuilder.le64()
        .vmcoreinfo("OSRELEASE=6.1.0", "PAGESIZE=4096")
        .page(0, new byte[4096], Compression.ZLIB)
        .excluded(1)
        .page(2, new byte[4096], Compression.ZLIB)
        .same(3, 0)
        .page(20, new byte[4096], Compression.ZLIB);
  }

  Vmcore open(KdumpBuilder dump) throws IOException {
    return Vmcore.open(dump.writeTo(dir.resolve("dump")));
  }

  static void assertTold(Vmcore vmcore, String message) {
    assertThat(vmcore.isDamaged()).isTrue();
    assertThat(vmcore.findings()).extracting(Finding::message).contains(message);
  }

  static PageState state(Vmcore vmcore, long pfn) throws VmcoreException {
    return vmcore.physical().extentAt(pfn << 12).state();
  }
}
