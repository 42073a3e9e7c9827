package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.RemoteprocKernel.CRASHED;
import static org.vmcore.testing.RemoteprocKernel.DUMP;
import static org.vmcore.testing.RemoteprocKernel.ENABLED;
import static org.vmcore.testing.RemoteprocKernel.INLINE;
import static org.vmcore.testing.RemoteprocKernel.LIST;
import static org.vmcore.testing.RemoteprocKernel.OFFLINE;
import static org.vmcore.testing.RemoteprocKernel.RUNNING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.LinkedKernel;
import org.vmcore.testing.RemoteprocKernel;

class RemoteprocCommandTest {
  private static final byte[] TEXT = DumpBuilder.pattern(0, 0x1800);

  @TempDir Path folder;
  private final RemoteprocKernel kernel = new RemoteprocKernel();

  private Path dump() throws IOException {
    return kernel.dump().writeTo(folder.resolve("vmcore"));
  }

  private Run run(Object... more) throws IOException {
    List<Object> line = new ArrayList<>(List.of("remoteproc"));
    line.addAll(List.of(more));
    line.add(dump());
    return Run.of(line.toArray());
  }

  private static String hex(long address) {
    return "0x" + Long.toHexString(address);
  }

  @Test
  void aLineForEachAndForEachGhost() throws IOException {
    long dsp = kernel.rproc("dsp", RUNNING);
    kernel.crashes(dsp, 2, true).dumpMode(dsp, ENABLED).segment(dsp, 0x1000, 1);
    long parent = kernel.vdev(dsp);
    kernel.virtio(parent, "virtio3", 3, true);
    long ghost = kernel.virtio(parent, "virtio3", 1, false);
    long modem = kernel.rproc("modem", CRASHED);
    kernel.crashes(modem, 1, false);

    assertThat(run().ok().lines())
        .containsExactly(
            "DEVICE NAME STATE CRASHES RECOVERY DUMP MODE SEGMENTS VDEVS GHOSTS COREDUMPS RPROC",
            "remoteproc1 modem crashed 1 disabled disabled 0 0 0 0 " + hex(modem),
            "remoteproc0 dsp running 2 enabled enabled 1 1 1 0 " + hex(dsp),
            "ghost: virtio3 of remoteproc0 at "
                + hex(ghost)
                + ", off the bus and still held, by 1 reference; remoteproc0 has made a new virtio3");
  }

  @Test
  void aGhostOfOneThatIsStopped() throws IOException {
    long dsp = kernel.rproc("dsp", OFFLINE);
    long ghost = kernel.virtio(kernel.vdev(dsp), "virtio5", 2, false);

    assertThat(run("--no-header").ok().lines())
        .containsExactly(
            "remoteproc0 dsp offline 0 enabled disabled 0 0 1 0 " + hex(dsp),
            "ghost: virtio5 of remoteproc0 at "
                + hex(ghost)
                + ", off the bus and still held, by 2 references; remoteproc0 is offline");
  }

  @Test
  void json() throws IOException {
    long dsp = kernel.rproc("dsp", OFFLINE);
    kernel.crashes(dsp, 2, false).dumpMode(dsp, INLINE).segment(dsp, 0x1000, 0x20, DUMP);
    kernel.carveout(dsp, "text", 0x1000, TEXT);
    kernel.virtio(kernel.vdev(dsp), "virtio5", 2, false);

    Run run = run("--json").ok();

    Map<String, Object> rproc = run.records("rprocs").getFirst();
    assertThat(rproc)
        .containsEntry("device", "remoteproc0")
        .containsEntry("name", "dsp")
        .containsEntry("state", "offline")
        .containsEntry("crash_count", 2L)
        .containsEntry("recovery", false)
        .containsEntry("dump_mode", "inline")
        .containsEntry("elf_class", 64L)
        .containsEntry("machine", 183L)
        .containsEntry("bootaddr", "0x10000040");
    assertThat(run.out())
        .contains("\"da\":\"0x1000\",\"size\":\"0x20\",\"custom\":true,\"dump\":\"" + hex(DUMP))
        .contains("\"references\":2,\"ghost\":true,\"registered\":false");
  }

  @Test
  void details() throws IOException {
    long dsp = kernel.rproc("dsp", RUNNING);
    kernel.segment(dsp, 0x1000, 0x20).segment(dsp, 0x2000, 0, DUMP);
    kernel.carveout(dsp, "text", 0x1000, TEXT);
    long virtio = kernel.virtio(kernel.vdev(dsp), "virtio3", 3, true);
    kernel.queue(dsp, virtio);

    assertThat(run("--details").ok().lines())
        .contains("SEGMENT OF DA SIZE COPIED BY SEGMENT", "CARVEOUT OF NAME DA SIZE VA DMA IOMEM")
        .anyMatch(line -> line.startsWith("remoteproc0 0x2000 0x0 own_dump 0x"))
        .anyMatch(line -> line.startsWith("remoteproc0 text 0x1000 0x1800 0x"))
        .anyMatch(
            line -> line.matches("remoteproc0 virtio3 7 3 no 1 rproc-virtio.* 6 " + hex(virtio)))
        .anyMatch(line -> line.matches("remoteproc0 rproc-virtio.* 16 0x1000 0 0x.*"))
        .anyMatch(line -> line.matches("remoteproc0 rproc-virtio.* 16 0x1000 1 -"));
  }

  @Test
  void kindsThatNoneHasAreLeftOut() throws IOException {
    kernel.rproc("dsp", RUNNING);

    assertThat(run("--details").ok().lines()).hasSize(2);
  }

  @Test
  void coredumpsAreWrittenToFiles() throws IOException {
    long dsp = kernel.rproc("dsp", RUNNING);
    kernel.copied(dsp, "devcd8", TEXT);
    Path out = folder.resolve("a/b");

    Run run = run("--extract", out, "--json").ok();

    Path file = out.resolve("remoteproc0-devcd8.elf");
    assertThat(file).hasBinaryContent(TEXT);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(run.out())
        .contains("\"form\":\"copied\"", "\"file\":\"" + file + "\",\"missing_bytes\":0");
    run("--extract", out).fails(1, "vmcore: " + file + ": cannot create: it already exists");
    run("--extract", out, "--force").ok();
  }

  @Test
  void whatAnInlineCoredumpLacksIsZeros() throws IOException {
    long dsp = kernel.rproc("dsp", OFFLINE);
    kernel.segment(dsp, 0x1000, 0x10).segment(dsp, 0x2000, 3, DUMP);
    byte[] header = kernel.header(dsp);
    kernel.carveout(dsp, "text", 0x1000, TEXT).inline(dsp, "devcd9");

    Run run = run("--extract", folder.resolve("out"));

    Path file = folder.resolve("out/remoteproc0-devcd9.elf");
    byte[] wanted = Arrays.copyOf(header, header.length + 0x10 + 3);
    System.arraycopy(TEXT, 0, wanted, header.length, 0x10);
    assertThat(file).hasBinaryContent(wanted);
    String dump = "vmcore: " + folder.resolve("vmcore") + ": " + file + ": ";
    run.fails(
        3,
        dump
            + "segment 1 (3 bytes at offset 0xc0, device address 0x2000) is copied by its driver's"
            + " own function, which can't be run",
        dump + "3 bytes lost: written as zeros");
  }

  @Test
  void namesOutOfTheDumpLeadNowhereElse() throws IOException {
    long dsp = kernel.rproc("dsp", RUNNING);
    kernel.copied(dsp, "../../x y", TEXT);
    kernel.copied(dsp, "......x y", TEXT);
    kernel.copied(dsp, "x y", TEXT);

    run("--extract", folder.resolve("out")).ok();

    try (var files = Files.list(folder.resolve("out"))) {
      assertThat(files.map(file -> "" + file.getFileName()).sorted().toList())
          .containsExactly(
              "remoteproc0-_.._x_y.elf",
              "remoteproc0-x_y-" + hex(kernel.coredumps().getLast()) + ".elf",
              "remoteproc0-x_y.elf");
    }
  }

  @Test
  void aCoredumpThatNobodyKnowsToReadIsToldAndTheOthersAreWritten() throws IOException {
    long dsp = kernel.rproc("dsp", RUNNING);
    kernel.coredump(dsp, "devcd1", LIST, 16, LIST);
    kernel.copied(dsp, "devcd2", TEXT);
    kernel.coredump(dsp, "devcd3", LIST, 16, LIST);
    String dump = "vmcore: " + folder.resolve("vmcore");

    run("--extract", folder.resolve("out"))
        .fails(
            3,
            dump + ": coredump devcd1: it is read by a function that isn't known here",
            dump + ": coredump devcd3: it is read by a function that isn't known here");

    assertThat(folder.resolve("out/remoteproc0-devcd2.elf")).hasBinaryContent(TEXT);
    assertThat(folder.resolve("out/remoteproc0-devcd1.elf")).doesNotExist();
  }

  @Test
  void whereNoCoredumpIsWrittenThatIsAFailure() throws IOException {
    long dsp = kernel.rproc("dsp", RUNNING);
    kernel.coredump(dsp, "devcd1", LIST, 16, LIST);

    run("--extract", folder.resolve("out"))
        .fails(
            1,
            "vmcore: "
                + folder.resolve("vmcore")
                + ": coredump devcd1: it is read by a function that isn't known here");
  }

  @Test
  void aCoredumpWhoseBytesAreLostIsNotWritten() throws IOException {
    long dsp = kernel.rproc("dsp", RUNNING);
    kernel.copied(dsp, "devcd1", TEXT);
    kernel.linked();
    long end = kernel.room(0) + 0x800;
    kernel.memory().u64(kernel.coredumps().getFirst() + 56, end).lostFrom(end);
    Path torn = kernel.bent().writeTo(folder.resolve("torn"));

    Run run = Run.of("remoteproc", "--extract", folder.resolve("out"), torn);

    assertThat(run.err())
        .contains("vmcore: " + torn + ": coredump devcd1: data at " + hex(end) + ": lost\n");
    assertThat(run.status()).isEqualTo(3);
    assertThat(folder.resolve("out/remoteproc0-devcd1.elf")).doesNotExist();
  }

  @Test
  void anInlineCoredumpThatIsShorterThanItsHeaderTellsIsALoss() throws IOException {
    long dsp = kernel.rproc("dsp", OFFLINE);
    byte[] none = kernel.header(dsp);
    kernel.segment(dsp, 0x1000, 0x10);
    kernel.inline(dsp, "devcd9", none);
    Path file = folder.resolve("out/remoteproc0-devcd9.elf");

    run("--extract", folder.resolve("out"))
        .fails(
            3,
            "vmcore: "
                + folder.resolve("vmcore")
                + ": "
                + file
                + ": its header tells of 0 segments, the remote processor's list has 1: which of"
                + " them are in the coredump is lost");
  }

  @Test
  void aNameThatCannotBeReadIsLeftOut() throws IOException {
    long dsp = kernel.rproc("dsp", RUNNING);
    kernel.memory().u64(dsp + 16, 0x1111);

    Run run = run("--json");

    assertThat(run.records("rprocs").getFirst()).doesNotContainKey("name").containsKey("firmware");
    assertThat(run.err()).contains("remoteproc0: rproc.name at 0x1111: ");
  }

  @Test
  void aSizeBeyondAnyFileIsNotNegative() throws IOException {
    long dsp = kernel.rproc("dsp", RUNNING);
    kernel.coredump(dsp, "devcd1", LIST, -1, LIST);

    assertThat(run().lines()).noneMatch(line -> line.contains("-1 bytes"));
  }

  @Test
  void thereIsNoCoredump() throws IOException {
    kernel.rproc("dsp", RUNNING);

    run("--extract", folder.resolve("out"))
        .fails(
            1,
            "vmcore: "
                + folder.resolve("vmcore")
                + ": no coredump of a remote processor is left to be extracted");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void theListsHeadIsASymbolOrAnAddress() throws IOException {
    kernel.rproc("dsp", RUNNING);

    assertThat(run("--list", hex(LIST)).ok().lines()).hasSize(2);
    assertThat(run("--list", "rproc_list").ok().lines()).hasSize(2);
    Run elsewhere = run("--list", "rproc_list+0x800");
    String given = "--list " + hex(LIST + 0x800);
    assertThat(elsewhere.status()).isEqualTo(3);
    assertThat(elsewhere.err()).contains(given + ": the list breaks off after 0 nodes");
    assertThat(elsewhere.err()).contains(given + ": 1 more are found by their devices");
    run("--list", " ").misused("vmcore remoteproc", "Invalid value for --list: it is empty");
    run("--list", "12z")
        .misused(
            "vmcore remoteproc",
            "Invalid value for --list: '12z' is not a number like 4096, 0x1000 or 4KiB");
  }

  @Test
  void optionsWithoutAnEffectAreRefused() throws IOException {
    run("--force").misused("vmcore remoteproc", "--force has no effect without --extract");
    assertThat(run("--json", "--details").err())
        .startsWith("vmcore: --details has no effect with --json, which has them");
  }

  @Test
  void noRemoteProcessors() throws IOException {
    Run run = run("--json");

    run.fails(1, "vmcore: " + folder.resolve("vmcore") + ": no remote processors");
    assertThat(run.records("rprocs")).isEmpty();
  }

  @Test
  void aKernelWithoutRemoteprocSaysSo() throws IOException {
    Path other = new LinkedKernel().dump().writeTo(folder.resolve("other"));

    Run run = Run.of("remoteproc", "-j", other);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .endsWith(": the kernel has no remote processors: its types have no struct rproc\n");
    assertThat(run.records("rprocs")).isEmpty();
  }

  @Test
  void aTornListPrintsWhatIsLeftAndIsALoss() throws IOException {
    kernel.rproc("a", RUNNING);
    long second = kernel.rproc("b", RUNNING);
    kernel.rproc("c", RUNNING);
    kernel.linked().memory().u64(second, 0x1111);
    Path torn = kernel.bent().writeTo(folder.resolve("torn"));

    Run run = Run.of("remoteproc", torn);

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.lines()).hasSize(4);
    assertThat(run.err()).contains("rproc_list: the list breaks off after 2 nodes");
  }
}
