package org.vmcore;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.memory.Finding;
import org.vmcore.testing.DumpBuilder;

/** A dump that is made and opened. */
abstract class OpenedDump {
  @TempDir Path dir;

  Vmcore open(DumpBuilder dump) throws IOException {
    return Vmcore.open(dump.writeTo(dir.resolve("dump")));
  }

  static List<String> findings(Vmcore vmcore, Finding.Severity severity) {
    return vmcore.findings().stream()
        .filter(finding -> finding.severity() == severity)
        .map(Finding::message)
        .toList();
  }
}
