package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.StacksKernel.FAULT;
import static org.vmcore.testing.StacksKernel.SCHEDULE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.StacksKernel;
import org.vmcore.values.Hex;

class CoreCommandTest {
  private final StacksKernel kernel = new StacksKernel();

  @TempDir Path folder;
  private Path dump = Path.of("");
  private Path core = Path.of("");

  @BeforeEach
  void makeADump() throws IOException {
    long ran = kernel.tasks().process(9, "culprit");
    long pointer = kernel.sleeping(ran, SCHEDULE);
    kernel.tasks().running(0, ran);
    dump = kernel.dump(9, FAULT + 3, pointer).writeTo(folder.resolve("vmcore"));
    core = folder.resolve("core");
  }

  @Test
  void tasksAreThreads() throws IOException {
    Run run = Run.of("core", "-o", core, dump);

    assertThat(run.status()).isZero();
    assertThat(run.lines()).singleElement().asString().startsWith(core + ": 3 threads, ");
    assertThat(Run.of("notes", core).ok().lines())
        .filteredOn(line -> line.contains("pid"))
        .hasSizeGreaterThanOrEqualTo(3);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(core)))
        .isEqualTo("rw-------");
  }

  @Test
  void asJson() {
    assertThat(Run.of("core", "--json", "-o", core, dump).json())
        .containsEntry("file", core.toString())
        .containsEntry("threads", 3L)
        .containsEntry("lost", "0x0");
  }

  @Test
  void moreMemory() {
    Object usual = Run.of("core", "--json", "-o", core, dump).json().get("memory");

    assertThat(Run.of("core", "--json", "--force", "--all-memory", "-o", core, dump).json())
        .doesNotContainEntry("memory", usual);
  }

  @Test
  void lostMemory() throws IOException {
    long room = kernel.tasks().room(0x4000);
    kernel.memory().lostFrom(room + 0x1000);
    Path damaged = kernel.dump(9, FAULT + 3, 0).writeTo(folder.resolve("damaged"));

    Run run = Run.of("core", "--virt", Hex.of(room) + "+0x2000", "-o", core, damaged);

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains(" lost: not in the core file");
  }

  @Test
  void wrongUsage() {
    assertThat(Run.of("core", "--json", "-o", "-", dump).err())
        .startsWith("vmcore: The core file goes to stdout: there is no room for JSON\n");
    Run.of("core", dump).misused("vmcore core", "Missing required option: '--output=OUT'");
    Run.of("core", "--progress", "never", "-o", core, dump)
        .misused("vmcore core", "--progress has no effect without --all-memory");
  }

  @Test
  void aFileThatExistsStays() throws IOException {
    Files.writeString(core, "mine");

    Run.of("core", "-o", core, dump)
        .fails(1, "vmcore: " + core + ": cannot create: it already exists");
    assertThat(core).hasContent("mine");
  }
}
