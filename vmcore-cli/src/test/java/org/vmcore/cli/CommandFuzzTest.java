package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.cli.fuzz.Fuzzing;
import org.vmcore.cli.fuzz.Seed;

/** Any command with any options on bent files of every format: FUZZING.md tells how to run it. */
@Tag("slow")
class CommandFuzzTest {
  private static final Path FINDINGS = Contract.FOLDER.resolve("target/fuzz/commands");

  @TempDir Path folder;

  private static void isWhatTheSchemaSays(String json) {
    JsonText.object(json);
    assertThat(Contract.violations(json)).isEmpty();
  }

  private List<String> findings() throws IOException, InterruptedException {
    List<Seed> seeds = FuzzSeeds.all(folder);
    return new Fuzzing(
            Main::run,
            Main.commandLine(),
            CommandFuzzTest::isWhatTheSchemaSays,
            seeds,
            folder,
            FINDINGS)
        .run();
  }

  @Test
  void whateverIsGivenItIsTakenOrRefused() throws IOException, InterruptedException {
    assertThat(findings()).isEmpty();
  }
}
