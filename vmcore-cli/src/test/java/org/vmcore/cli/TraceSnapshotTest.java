package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.CoresightKernel;
import org.vmcore.testing.TraceFrames;

/** Snapshots that {@code vmcore coresight} writes, as OpenCSD reads them where it is installed. */
class TraceSnapshotTest {
  private static final Path LISTER = Path.of("/usr/bin/trc_pkt_lister");
  private static final byte[] FRAMES = TraceFrames.etm4(0x12, 30);

  @TempDir Path folder;

  private final CoresightKernel kernel = new CoresightKernel();
  private final Path snapshot = Path.of("snapshot");

  private Path dump() throws Exception {
    return kernel.dump().writeTo(folder.resolve("vmcore"));
  }

  /** Skips the test where OpenCSD isn't installed; where everything has to be, that fails it. */
  private static void requireLister() {
    boolean isThere = Files.isExecutable(LISTER);
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      assertThat(isThere).as("%s, of libopencsd-bin", LISTER).isTrue();
    }
    assumeTrue(isThere);
  }

  /** Its exit status says nothing. */
  private String listed(String... more) throws Exception {
    String[] line = {LISTER.toString(), "-ss_dir", snapshot.toString(), "-logstdout"};
    String[] all = Arrays.copyOf(line, line.length + more.length);
    System.arraycopy(more, 0, all, line.length, more.length);
    Process process =
        new ProcessBuilder(all).directory(folder.toFile()).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private long source(int cpu, int traceId) {
    byte[] config = CoresightKernel.etm4Config(cpu, 8, traceId);
    return kernel.node(cpu, 0, 0, kernel.kmalloc(config), config.length);
  }

  private long sink(int cpu, byte[] bytes) {
    return kernel.node(cpu, 1, 0, kernel.kmalloc(bytes), bytes.length);
  }

  @Test
  void packetsAreListedFromASnapshot() throws Exception {
    requireLister();
    kernel.list(source(0, 0x10), source(1, 0x12), sink(-1, FRAMES));
    Run.of("coresight", dump(), "--snapshot", folder.resolve(snapshot)).ok();
    assertThat(listed())
        .contains("Protocol printer ETMV4I on Trace ID 0x10")
        .contains("Protocol printer ETMV4I on Trace ID 0x12")
        .contains("ID:12;\tI_ASYNC")
        .contains("ID:12;\tI_TRACE_INFO")
        .contains("ID:12;\tI_ATOM_F1")
        .contains("Trace buffer done, processed " + FRAMES.length + " bytes");
  }

  @Test
  void eachBufferOfSeveralIsListed() throws Exception {
    requireLister();
    byte[] cut = Arrays.copyOf(FRAMES, FRAMES.length + 5);
    kernel.list(source(0, 0x10), source(1, 0x12), sink(0, new byte[32]), sink(1, cut));
    Path dump = dump();
    Run run = Run.of("coresight", dump, "--snapshot", folder.resolve(snapshot));
    run.fails(
        0,
        "vmcore: "
            + dump
            + ": snapshot: 03-cpu1-type1.bin: the last 0x5 bytes are no whole frame: left out");
    assertThat(listed("-src_name", "buffer1"))
        .contains("ID:12;\tI_ATOM_F1")
        .contains("Trace buffer done, processed " + FRAMES.length + " bytes");
  }

  @Test
  void withoutAConfigurationItIsSaidWhatIsToBeFilledIn() throws Exception {
    kernel.list(sink(0, FRAMES));
    Path dump = dump();
    Run.of("coresight", dump, "--snapshot", folder.resolve(snapshot))
        .fails(
            0,
            "vmcore: "
                + dump
                + ": snapshot: no tracer's configuration was saved: its .ini files say what is to be"
                + " filled in");
    assertThat(folder.resolve(snapshot).resolve("etm_0.ini")).content().contains("; to fill in");
    requireLister();
    assertThat(listed()).contains("Error:Missing TRCTRACEIDR");
  }

  @Test
  void aCpuThatSavedNoConfigurationIsSaid() throws Exception {
    kernel.list(source(0, 0x10), source(0, 0x10), sink(0, FRAMES), sink(1, FRAMES));
    Path dump = dump();
    Run.of("coresight", dump, "--snapshot", folder.resolve(snapshot))
        .fails(
            0,
            "vmcore: "
                + dump
                + ": snapshot: 03-cpu1-type1.bin: no configuration of its CPU's tracer was saved:"
                + " its .ini files say what is to be filled in");
    assertThat(folder.resolve(snapshot))
        .isDirectoryContaining(file -> file.endsWith("etm_1.ini"))
        .isDirectoryNotContaining(file -> file.endsWith("etm_2.ini"));
  }

  @Test
  void withoutATraceThereIsNoSnapshot() throws Exception {
    kernel.list(source(0, 0x10));
    Path dump = dump();
    Run.of("coresight", dump, "--snapshot", folder.resolve(snapshot))
        .fails(0, "vmcore: " + dump + ": snapshot: there is no trace for it: nothing is written");
    assertThat(folder.resolve(snapshot)).doesNotExist();
  }
}
