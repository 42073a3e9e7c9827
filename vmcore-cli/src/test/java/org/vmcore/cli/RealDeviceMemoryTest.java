package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.testing.RealDumps;

/** Coredumps that a kernel wrote of its remote processors, and what it says was in them. */
class RealDeviceMemoryTest {
  private static final String FOLDER = "arm-rproc/truth/";

  @TempDir Path folder;

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rproc-enabled.elf",
        "rproc-inline.elf",
        "rproc-sections.elf",
        "rproc-sections-inline.elf",
        "rproc64-enabled.elf",
        "rproc64-inline.elf",
        "rproc64-sections.elf",
        "rproc64-sections-inline.elf",
        "rproc64-stall.elf"
      })
  void everySegmentIsWhatTheProcessorHad(String name) throws IOException {
    Path dump = RealDumps.file(FOLDER + name);
    Map<String, Object> truth =
        JsonText.object(Files.readString(RealDumps.file(FOLDER + "rproc.json")));
    List<Map<String, Object>> expected = JsonText.objects(JsonText.member(truth, name), "segments");
    List<Map<String, Object>> segments = Run.of("segments", "--json", dump).records("segments");

    assertThat(segments).hasSameSizeAs(expected).hasSizeGreaterThan(3);
    for (int i = 0; i < expected.size(); i++) {
      Map<String, Object> each = expected.get(i);
      long size = ((Number) each.get("size")).longValue();
      String address = (String) segments.get(i).get("paddr");
      assertThat(segments.get(i)).containsEntry("filesz", "0x" + Long.toHexString(size));
      if (name.contains("sections")) {
        assertThat(segments.get(i)).containsEntry("name", each.get("name"));
      }
      Path out = folder.resolve("load-" + i);
      Run.of("extract", "--load", i, "-o", out, dump).ok();
      assertThat(sha256(Files.readAllBytes(out))).isEqualTo(each.get("sha256"));
      if (size > 0) {
        assertThat(
                sha256(
                    Run.of("read", "--phys", address, "--length", size, "--format", "raw", dump)
                        .ok()
                        .bytes()))
            .isEqualTo(each.get("sha256"));
      }
    }
    assertThat(Run.of("verify", dump).ok().lines())
        .anyMatch(line -> line.contains("at 0xdead0000 is 0xff alone"))
        .contains("ok: 0 errors, 0 warnings");
  }
}
