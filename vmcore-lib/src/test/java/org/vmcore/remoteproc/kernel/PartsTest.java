package org.vmcore.remoteproc.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.RemoteprocKernel.RUNNING;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.testing.RemoteprocKernel;

class PartsTest {
  @TempDir Path folder;

  @Test
  void allListsShareOneLimit() throws Exception {
    RemoteprocKernel kernel = new RemoteprocKernel();
    long dsp = kernel.rproc("dsp", RUNNING);
    kernel.segment(dsp, 0x1000, 1).segment(dsp, 0x2000, 1);
    kernel.carveout(dsp, "a", 0, new byte[1]).carveout(dsp, "b", 0, new byte[1]);
    try (Vmcore vmcore = Vmcore.open(kernel.dump().writeTo(folder.resolve("vmcore")))) {
      Parts parts = new Parts(Kernel.of(vmcore).objects(), 3);

      assertThat(parts.addresses("segments", dsp + 160, 0)).hasSize(2);
      assertThat(parts.gaps()).isEmpty();
      assertThat(parts.addresses("carveouts", dsp + 128, 0)).hasSize(1);
      assertThat(parts.addresses("virtio devices", dsp + 144, 0)).isEmpty();
      assertThat(parts.gaps())
          .singleElement()
          .isEqualTo(
              Parts.error(
                  "carveouts: all lists have more than 3 entries: the others are left out"));
    }
  }

  @Test
  void gapsThatAreOnlyCountedAreAsBadAsTheWorst() {
    Gaps gaps = new Gaps();
    for (int i = 0; i < 100; i++) {
      gaps.add(Parts.warning("line " + i));
    }
    assertThat(gaps.told()).hasSize(100);
    gaps.add(Parts.warning("left out"));
    assertThat(gaps.told()).last().isEqualTo(Parts.warning("1 more"));
    gaps.lost("left out, too");
    gaps.add(Parts.warning("left out"));

    assertThat(gaps.told()).hasSize(101).last().isEqualTo(Parts.error("3 more"));
    assertThat(gaps.told()).extracting(Finding::severity).containsOnlyOnce(Severity.ERROR);
  }
}
