package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.DumpBuilder;

/** What is lost ends with 3, not as if it had never been there: a dump cut in its first note. */
class LostNotesTest {
  @TempDir Path folder;
  private Path dump = Path.of("dump");

  @BeforeEach
  void cut() throws IOException {
    dump = Dumps.small().truncateAt(0x124).writeTo(folder.resolve("dump"));
  }

  private void isLost(String reason, Object... command) {
    Run.of(command).fails(3, "vmcore: " + dump + ": " + reason);
  }

  @Test
  void notes() {
    isLost("no notes: they are lost", "notes", dump);
    isLost("no notes: they are lost", "notes", "--raw", folder.resolve("raw"), dump);
  }

  @Test
  void vmcoreinfo() {
    isLost("no VMCOREINFO note: parts of the dump are lost", "vmcoreinfo", dump);
  }

  @Test
  void log() {
    isLost(
        "log: no VMCOREINFO, which tells where the kernel's log is: parts of the dump are lost",
        "log",
        dump);
  }

  @Test
  void translate() {
    isLost(
        "virtual address 0xffffffff82000000: no page tables: there is no VMCOREINFO, or it is lost",
        "translate",
        dump,
        "0xffffffff82000000");
  }

  @Test
  void readAtASymbol() {
    isLost(
        "no symbol 'panic': the kernel's kallsyms isn't found: a part of the kernel's image is lost",
        "read",
        "--symbol",
        "panic",
        dump);
  }

  @Test
  void readAtAnAddress() {
    Run run = Run.of("read", "--virt", "0xffffffff82000000", "--length", "1", dump);
    assertThat(run.status()).isEqualTo(3);
  }

  /** A dump without a note, of which memory is lost that may have held VMCOREINFO. */
  @Test
  void memoryThatMayHaveHeldThem() throws IOException {
    DumpBuilder whole = DumpBuilder.elf64().load(0x100000, 0x8000);
    dump = whole.truncateAt(0x3000).writeTo(folder.resolve("memory"));

    assertThat(Run.of("log", dump).status()).isEqualTo(3);
    assertThat(Run.of("vmcoreinfo", dump).status()).isEqualTo(3);
  }
}
