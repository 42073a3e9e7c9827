package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {
  @TempDir Path folder;

  @Test
  void verify() throws IOException {
    Run text = Run.of("verify", Dumps.small(folder)).ok();
    Run json = Run.of("verify", "--json", folder.resolve("vmcore")).ok();

    assertThat(text.out().lines())
        .contains("info elf_header: ELF64 little-endian x86_64, page size 4096")
        .endsWith("ok: 0 errors, 0 warnings");
    assertThat(json.json()).containsEntry("ok", true);
    assertThat(json.records("findings"))
        .allSatisfy(finding -> assertThat(finding).containsEntry("severity", "info"));
  }

  @Test
  void verifyTellsOfDamage() throws IOException {
    Run text = Run.of("verify", Dumps.truncated(folder)).fails(3);
    Run json = Run.of("verify", "--json", folder.resolve("truncated")).fails(3);

    String message = "the file ends too early: 4096 bytes of 2 segments are lost";
    assertThat(text.out().lines())
        .contains("error file_size: offset 0x4000: " + message)
        .contains(
            "error page_contents: offset 0x4000: physical addresses 0x3000-0x37ff are lost: the"
                + " file ends here")
        .endsWith("damaged: 3 errors, 0 warnings");
    assertThat(json.json()).containsEntry("ok", false);
    assertThat(json.records("findings"))
        .contains(
            Map.of(
                "check", "file_size", "severity", "error", "offset", "0x4000", "message", message));
  }
}
