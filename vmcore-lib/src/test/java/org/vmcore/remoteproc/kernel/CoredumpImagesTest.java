package org.vmcore.remoteproc.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.testing.RemoteprocKernel.DUMP;
import static org.vmcore.testing.RemoteprocKernel.OFFLINE;
import static org.vmcore.testing.RemoteprocKernel.RUNNING;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.elf.ElfClass;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.DeviceCoreBytes;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.RemoteprocKernel;

class CoredumpImagesTest {
  private static final long FAR = 1L << 40;

  @TempDir Path folder;
  private final RemoteprocKernel kernel = new RemoteprocKernel();
  private long dsp;

  @BeforeEach
  void aRemoteProcessor() {
    dsp = kernel.rproc("dsp", OFFLINE);
  }

  /** The first coredump of the first remote processor. */
  private CoredumpImage image(DumpBuilder dump) throws Exception {
    try (Vmcore vmcore = Vmcore.open(dump.writeTo(folder.resolve("vmcore")))) {
      RemoteProcessors found = RemoteProcessors.of(vmcore, Kernel.of(vmcore));
      RemoteProcessor rproc = found.all().getFirst();
      return found.image(rproc, rproc.coredumps().getFirst());
    }
  }

  private List<String> gaps(DumpBuilder dump) throws Exception {
    List<Finding> gaps = image(dump).gaps();
    assertThat(gaps).extracting(Finding::severity).containsOnly(Severity.ERROR);
    return gaps.stream().map(Finding::message).toList();
  }

  private static byte[] header(DeviceCoreBytes core, int size) {
    return Arrays.copyOf(core.bytes(), size);
  }

  @Test
  void aSegmentLessThanTheHeaderTellsOfIsLost() throws Exception {
    kernel.segment(dsp, 0x1000, 16).segment(dsp, 0x2000, 16);
    kernel.inline(dsp, "devcd9");
    kernel.linked().memory().u64(dsp + 160, dsp + 160).u64(dsp + 168, dsp + 160);

    assertThat(gaps(kernel.bent()))
        .containsExactly(
            "its header tells of 2 segments, the remote processor's list has 0: what they held is"
                + " lost");
  }

  @Test
  void aSegmentMoreThanTheHeaderTellsOfIsTold() throws Exception {
    kernel.segment(dsp, 0x1000, 16).inline(dsp, "devcd9");
    kernel.segment(dsp, 0x2000, 16);

    assertThat(gaps(kernel.dump()))
        .containsExactly(
            "its header tells of 1 segments, the remote processor's list has 2: which of them are"
                + " in the coredump is lost");
  }

  @Test
  void segmentsThatAreNotThoseOfTheHeaderAreTold() throws Exception {
    kernel.segment(dsp, 0x1000, 16).segment(dsp, 0x2000, 32);
    byte[] header = kernel.header(dsp);
    header[64 + 56 + 24] = 1; // p_paddr
    kernel.inline(dsp, "devcd9", header);

    assertThat(gaps(kernel.dump()))
        .containsExactly(
            "segment 1: its header tells of 0x20 bytes at device address 0x2001, the remote"
                + " processor's list of 0x20 bytes at device address 0x2000: what it held is lost");
  }

  @Test
  void aHeaderOfSectionsIsComparedToo() throws Exception {
    kernel.segment(dsp, 0x1000, 16).segment(dsp, 0x2000, 32).segment(dsp, 0x3000, 0);
    DeviceCoreBytes core =
        DeviceCoreBytes.sections(ElfClass.ELF64, ByteOrder.LITTLE_ENDIAN)
            .add("text", 0x1000, new byte[16])
            .add("data", 0x2000, new byte[31]);
    kernel.inline(dsp, "devcd9", header(core, 64 + 4 * 64));

    assertThat(gaps(kernel.dump()))
        .containsExactly(
            "its header tells of 2 segments, the remote processor's list has 3: which of them are"
                + " in the coredump is lost",
            "segment 1: its header tells of 0x1f bytes at device address 0x2000, the remote"
                + " processor's list of 0x20 bytes at device address 0x2000: what it held is lost");
  }

  @Test
  void aHeaderOf32BitsIsComparedAsFarAsItReaches() throws Exception {
    kernel.segment(dsp, 0x1_0000_1000L, 16);
    DeviceCoreBytes core =
        DeviceCoreBytes.segments(ElfClass.ELF32, ByteOrder.LITTLE_ENDIAN)
            .add("", 0x1000, new byte[16]);
    kernel.inline(dsp, "devcd9", header(core, 52 + 32));

    assertThat(image(kernel.dump()).gaps()).isEmpty();
  }

  @Test
  void whatIsNoHeaderIsTold() throws Exception {
    kernel.segment(dsp, 0x1000, 16);
    byte[] cut = Arrays.copyOf(kernel.header(dsp), 70);
    kernel.inline(dsp, "devcd9", cut);

    assertThat(gaps(kernel.dump()))
        .singleElement()
        .asString()
        .startsWith("whether its header tells of the same segments is lost: p_");
  }

  @Test
  void anInlineCoredumpLargerThanAnyProcessorsMemoryIsRefused() throws Exception {
    kernel.segment(dsp, 0x1000, 1L << 32).inline(dsp, "devcd9");

    assertThatThrownBy(() -> image(kernel.dump().sparse(FAR, 1L << 33)))
        .hasMessageEndingWith(
            "coredump devcd9: it has 0x100000078 bytes, more than any remote processor's memory");
  }

  @Test
  void moreCarveoutsThanCanBeLookedAtAreRefused() throws Exception {
    kernel.segment(dsp, 0x1000, 0xffff_0000L).inline(dsp, "devcd9");
    for (int i = 0; i < 300; i++) {
      kernel.carveout(dsp, "", 0x1000, new byte[1]);
    }

    assertThatThrownBy(() -> image(kernel.dump().sparse(FAR, 1L << 33)))
        .hasMessageEndingWith(
            "coredump devcd9: it has 1048561 pieces in 300 carveouts, more than are looked for");
  }

  @Test
  void onlyTheFirstOfManyGapsAreToldOneByOne() throws Exception {
    for (int i = 0; i < 150; i++) {
      kernel.segment(dsp, 0x1000, 1, DUMP);
    }
    kernel.inline(dsp, "devcd9");

    assertThat(gaps(kernel.dump())).hasSize(101).last().isEqualTo("50 more");
  }

  @Test
  void aCopiedCoredumpWithoutDataIsNoFileOfZeros() throws Exception {
    long readCopied = 0xffff_ffff_8100_1300L;
    kernel.coredump(dsp, "devcd8", 0x4141_4141_4141_4141L, 16, readCopied);

    assertThatThrownBy(() -> image(kernel.dump()))
        .hasMessageContaining("coredump devcd8: data at 0x4141414141414141: ")
        .extracting(e -> ((VmcoreException) e).isLoss())
        .isEqualTo(false);
  }

  @Test
  void aCopiedCoredumpWhoseDataIsLostIsALoss() throws Exception {
    kernel.copied(dsp, "devcd8", new byte[16]);
    kernel.linked();
    long end = kernel.room(0);
    kernel.memory().u64(kernel.coredumps().getFirst() + 56, end + 0x800);
    kernel.memory().lostFrom(end + 0x800);

    assertThatThrownBy(() -> image(kernel.bent()))
        .hasMessageContaining("coredump devcd8: data at 0x")
        .hasMessageEndingWith(": lost")
        .extracting(e -> ((VmcoreException) e).isLoss())
        .isEqualTo(true);
  }

  @Test
  void aStateThatCannotBeReadIsToldWithTheCoredumpsName() throws Exception {
    kernel.inline(dsp, "devcd9", new byte[8]);
    kernel.memory().u64(kernel.coredumps().getFirst() + 56, 0x4141_4141_4141_4141L);

    assertThatThrownBy(() -> image(kernel.dump()))
        .hasMessageContaining(
            ": coredump devcd9: rproc_coredump_state.rproc at 0x4141414141414141: ");
  }

  @Test
  void aSizeThatNoFileHasIsNotNegative() throws Exception {
    long running = kernel.rproc("modem", RUNNING);
    kernel.segment(running, 0, -1).segment(running, 0, 5);
    kernel.inline(running, "devcd9", new byte[8]);
    try (Vmcore vmcore = Vmcore.open(kernel.dump().writeTo(folder.resolve("vmcore")))) {
      RemoteProcessor rproc = RemoteProcessors.of(vmcore, Kernel.of(vmcore)).all().getFirst();

      assertThat(rproc.sizeOf(rproc.coredumps().getFirst())).isEqualTo(Long.MAX_VALUE);
    }
  }
}
