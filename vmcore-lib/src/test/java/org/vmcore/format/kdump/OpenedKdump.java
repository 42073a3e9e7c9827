package org.vmcore.format.kdump;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.KdumpBuilder;
import org.vmcore.testing.Reading;

/** A kdump-compressed dump that is made and opened. */
abstract class OpenedKdump {
  @TempDir Path dir;

  Vmcore open(KdumpBuilder dump) throws Exception {
    return Vmcore.open(dump.writeTo(dir.resolve("dump")));
  }

  static PageState state(Vmcore vmcore, long address) throws VmcoreException {
    return vmcore.physical().extentAt(address).state();
  }

  static void assertPage(Vmcore vmcore, KdumpBuilder dump, long pfn) throws Exception {
    assertThat(state(vmcore, pfn << 12)).as("page %s", pfn).isEqualTo(PageState.PRESENT);
    assertThat(Reading.bytes(vmcore.physical(), pfn << 12, 4096))
        .as("page %s", pfn)
        .isEqualTo(dump.content(pfn));
  }
}
