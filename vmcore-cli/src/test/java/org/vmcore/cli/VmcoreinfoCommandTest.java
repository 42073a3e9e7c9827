package org.vmcore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
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

  /** Each character of {@code lines} is a byte of the note. */
  private Run vmcoreinfo(String option, String... lines) throws IOException {
    Path dump =
        DumpBuilder.elf64().vmcoreinfo(lines).load(0x1000, 0x1000).writeTo(folder.resolve("dump"));
    return Run.of("vmcoreinfo", option, dump);
  }

  @Test
  void whatIsNoTextIsEscaped() throws IOException {
    String utf8 = latin1("\u00e4 \u20ac \ud83d\ude00");

    assertThat(vmcoreinfo("--color=never", "A=\u001b]0;x\u0007", "B=" + utf8).bytes())
        .isEqualTo("A=\\x1b]0;x\\x07\nB=\u00e4 \u20ac \ud83d\ude00\n".getBytes(UTF_8));
    assertThat(vmcoreinfo("--color=never", "A=\u00e4\u009b", "\u00ff=\u00e2\u0082").bytes())
        .isEqualTo("A=\\xe4\\x9b\n\\xff=\\xe2\\x82\n".getBytes(UTF_8));
    assertThat(vmcoreinfo("--color=never", latin1("A=\u009b \u202e")).bytes())
        .isEqualTo("A=\\x9b \\u202e\n".getBytes(UTF_8));
  }

  private static String latin1(String text) {
    return new String(text.getBytes(UTF_8), StandardCharsets.ISO_8859_1);
  }

  @Test
  void whatIsNoTextIsReplacedInJson() throws IOException {
    assertThat(vmcoreinfo("-j", latin1("A=\u00e4"), "B=\u00ff\u001b").ok().json())
        .containsEntry("values", Map.of("A", "\u00e4", "B", "\ufffd\u001b"));
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
