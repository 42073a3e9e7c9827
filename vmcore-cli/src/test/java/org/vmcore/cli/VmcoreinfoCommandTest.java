package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.DumpBuilder;

class VmcoreinfoCommandTest {
  @TempDir Path folder;

  @Test
  void vmcoreinfoIsPrintedAsItIs() throws IOException {
    String text =
        """
        OSRELEASE=6.1.0-test
        PAGESIZE=4096
        SYMBOL(init_uts_ns)=ffff888000002000
        CRASHTIME=1700000000
        """;

    assertThat(Run.of("vmcoreinfo", Dumps.small(folder)).ok().out()).isEqualTo(text);
  }

  @Test
  void vmcoreinfoAsJson() throws IOException {
    assertThat(Run.of("vmcoreinfo", "--json", Dumps.small(folder)).ok().json().get("values"))
        .isEqualTo(
            Map.of(
                "OSRELEASE",
                "6.1.0-test",
                "PAGESIZE",
                "4096",
                "SYMBOL(init_uts_ns)",
                "ffff888000002000",
                "CRASHTIME",
                "1700000000"));
  }

  @Test
  void controlCharactersOfVmcoreinfoAreEscapedAndOtherBytesKept() throws IOException {
    Path dump =
        DumpBuilder.elf64()
            .vmcoreinfo("A=\u001b]0;x\u0007", "B=\u00e4\u009b")
            .load(0x1000, 0x1000)
            .writeTo(folder.resolve("vmcore"));

    assertThat(Run.of("vmcoreinfo", dump).bytes())
        .isEqualTo("A=\\x1b]0;x\\x07\nB=\u00e4\\x9b\n".getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void missingVmcoreinfo() throws IOException {
    Path dump = DumpBuilder.elf64().load(0x1000, 0x1000).writeTo(folder.resolve("vmcore"));
    String error = "vmcore: " + dump + ": no VMCOREINFO note";

    assertThat(Run.of("vmcoreinfo", dump).fails(1, error).out()).isEmpty();
    assertThat(Run.of("vmcoreinfo", "-j", dump).fails(1, error).json())
        .containsEntry("values", Map.of());
  }
}
